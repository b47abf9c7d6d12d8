import { readFile } from 'node:fs/promises'
import { EMAIL_ADDRESS_RULE, parseEmailAddress } from '../kernel/email-address.js'
import { readUrl } from '../platform/config-values.js'
import { LANGUAGES, matchLanguage } from '../platform/i18n/language.js'
import type { TenantChanges, TenantSettings } from '../tenants/index.js'
import { wrongUsage } from './failure.js'
import type { Options, Values } from './verb.js'

/** What `tenant set` can change. */
export const CHANGE_OPTIONS = {
  'display-name': { type: 'string', value: 'NAME', help: 'What guests read.' },
  logo: { type: 'string', value: 'FILE', help: 'A PNG of 64 KiB at most, or none.' },
  colour: { type: 'string', value: '#RRGGBB', help: 'Colour of buttons, or none. Corrected until it can be read.' },
  'privacy-url': { type: 'string', value: 'URL', help: 'The https address of the privacy statement, or none.' },
  contact: { type: 'string', value: 'ADDRESS', help: 'Whom guests can write to, or none.' },
  language: { type: 'string', value: 'TAG', help: 'Language of mails when nobody names another, or none.' },
  'invitation-lifetime-days': { type: 'string', value: 'N', help: 'How long invitations can be accepted, or never.' },
  'mails-per-recipient': { type: 'string', value: 'N', help: 'Invitation mails one address gets in 24 hours.' },
  'mails-per-inviter': { type: 'string', value: 'N', help: 'Invitation mails one person causes in 24 hours.' },
  'mails-per-application': { type: 'string', value: 'N', help: 'The same for each application, or none.' },
  'text-messages-per-day': { type: 'string', value: 'N', help: 'Text messages with codes sent in 24 hours, or none.' },
  'remove-never-redeemed-after-days': {
    type: 'string',
    value: 'N',
    help: 'When guests who never accepted are deleted, or never.',
  },
  'audit-retention-days': { type: 'string', value: 'N', help: 'How long audit events are kept, or forever.' },
  'sign-in-retention-days': { type: 'string', value: 'N', help: 'How long the sign-in log is kept, or forever.' },
  'access-extension-days': { type: 'string', value: 'N', help: 'How far a sponsor extends access at once, or never.' },
  'remove-ended-after-days': {
    type: 'string',
    value: 'N',
    help: 'When guests whose access ended are deleted, or never.',
  },
  'sign-ups-per-network': { type: 'string', value: 'N', help: 'Sign-ups begun from one network in an hour.' },
  'sign-ups-per-flow': { type: 'string', value: 'N', help: 'Sign-ups begun by one user flow in an hour, or none.' },
  'sign-up-challenge': { type: 'string', value: 'on|off', help: 'Whether browsers work a moment before a sign-up.' },
  'sign-up-request-days': { type: 'string', value: 'N', help: 'How long sign-ups wait for an approver.' },
} as const satisfies Options

type Given = Pick<Values<typeof CHANGE_OPTIONS>, keyof typeof CHANGE_OPTIONS>

const MOST_LOGO_BYTES = 64 * 1024
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const MOST_DAYS = 36_500
const MOST_MAILS = 1_000_000

/** Reads what was given into changes; absent options change nothing. @throws CommandFailure (wrong usage). */
export async function readChanges(given: Given): Promise<TenantChanges> {
  const settings = readLimits(given)
  const columns: TenantChanges = {
    ...changed('displayName', given['display-name'], readName),
    ...changed('brandColour', given.colour, orNone(readColour)),
    ...changed('privacyStatementUrl', given['privacy-url'], orNone(readPrivacyUrl)),
    ...changed('contactAddress', given.contact, orNone(readContact)),
    ...changed('notificationLanguage', given.language, orNone(readLanguage)),
  }
  return {
    ...columns,
    ...(given.logo !== undefined && { logo: given.logo === 'none' ? null : await readLogo(given.logo) }),
    ...(Object.keys(settings).length > 0 && { settings }),
  }
}

function readLimits(given: Given): Partial<TenantSettings> {
  const number = (option: keyof Given, most: number) => (text: string) => readNumber(option, text, most)
  return {
    ...changed(
      'invitationLifetimeDays',
      given['invitation-lifetime-days'],
      orNone(number('invitation-lifetime-days', MOST_DAYS), 'never'),
    ),
    ...changed('mailsPerRecipientAndDay', given['mails-per-recipient'], number('mails-per-recipient', MOST_MAILS)),
    ...changed('mailsPerInviterAndDay', given['mails-per-inviter'], number('mails-per-inviter', MOST_MAILS)),
    ...changed(
      'mailsPerApplicationAndDay',
      given['mails-per-application'],
      orNone(number('mails-per-application', MOST_MAILS)),
    ),
    ...changed(
      'textMessagesPerDay',
      given['text-messages-per-day'],
      (text) => orNone(number('text-messages-per-day', MOST_MAILS))(text) ?? 0,
    ),
    ...changed(
      'removeNeverRedeemedAfterDays',
      given['remove-never-redeemed-after-days'],
      orNone(number('remove-never-redeemed-after-days', MOST_DAYS), 'never'),
    ),
    ...changed(
      'auditRetentionDays',
      given['audit-retention-days'],
      orNone(number('audit-retention-days', MOST_DAYS), 'forever'),
    ),
    ...changed(
      'signInRetentionDays',
      given['sign-in-retention-days'],
      orNone(number('sign-in-retention-days', MOST_DAYS), 'forever'),
    ),
    ...changed(
      'accessExtensionDays',
      given['access-extension-days'],
      orNone(number('access-extension-days', MOST_DAYS), 'never'),
    ),
    ...changed(
      'removeEndedAfterDays',
      given['remove-ended-after-days'],
      orNone(number('remove-ended-after-days', MOST_DAYS), 'never'),
    ),
    ...changed('signUpsPerNetworkAndHour', given['sign-ups-per-network'], number('sign-ups-per-network', MOST_MAILS)),
    ...changed('signUpsPerFlowAndHour', given['sign-ups-per-flow'], orNone(number('sign-ups-per-flow', MOST_MAILS))),
    ...changed('signUpChallenge', given['sign-up-challenge'], readSwitch),
    ...changed('signUpRequestLifetimeDays', given['sign-up-request-days'], number('sign-up-request-days', MOST_DAYS)),
  }
}

function changed<Name extends string, Value>(
  name: Name,
  text: string | undefined,
  read: (text: string) => Value,
): { [Key in Name]?: Value } {
  const change: { [Key in Name]?: Value } = {}
  if (text !== undefined) change[name] = read(text)
  return change
}

function readSwitch(text: string): boolean {
  if (text !== 'on' && text !== 'off') throw wrongUsage(`--sign-up-challenge: '${text}' is neither on nor off.`)
  return text === 'on'
}

function orNone<Value>(read: (text: string) => Value, none = 'none'): (text: string) => Value | null {
  return (text) => (text === none ? null : read(text))
}

function readName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > 256) throw wrongUsage('--display-name: give 1 to 256 characters.')
  return name
}

function readColour(text: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(text)) throw wrongUsage(`--colour: '${text}' is not a colour such as #0f6cbd, nor none.`)
  return text.toLowerCase()
}

function readPrivacyUrl(text: string): string {
  const url = readUrl(text, ['https:'])
  if (!url || url.username || url.password) throw wrongUsage('--privacy-url: give an absolute https URL, or none.')
  return url.href
}

function readContact(text: string): string {
  const address = parseEmailAddress(text)
  if (!address) throw wrongUsage(`--contact: ${EMAIL_ADDRESS_RULE} Or none.`)
  return address.text
}

function readLanguage(text: string): string {
  const codes = LANGUAGES.map(({ code }) => code).join(', ')
  if (matchLanguage(text) === undefined) throw wrongUsage(`--language: give one of ${codes}, or none.`)
  return text
}

function readNumber(option: keyof Given, text: string, most: number): number {
  const number = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > most) throw wrongUsage(`--${option}: give a whole number from 1 to ${most}.`)
  return number
}

/** Only PNG, by its signature whatever the file is called: it is served from our own origin and shown in mails. */
async function readLogo(file: string): Promise<{ mediaType: string; base64: string }> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(`--logo: ${file} cannot be read (${error.code}).`)
  })
  if (bytes.length > MOST_LOGO_BYTES) throw wrongUsage(`--logo: ${file} is larger than 64 KiB.`)
  if (!bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) throw wrongUsage(`--logo: ${file} is not a PNG.`)
  return { mediaType: 'image/png', base64: bytes.toString('base64') }
}
