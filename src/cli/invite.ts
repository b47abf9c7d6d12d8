import { randomUUID } from 'node:crypto'
import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import { deliveryText, type Ending, type Invitation } from './invitation.js'
import { facts, json, readDuration } from './text.js'
import { defineVerb, type Io, type Options, type Values } from './verb.js'
import { type Waited, waitForEnding } from './wait.js'

const options = {
  redirect: { type: 'string', value: 'URL', required: true, help: 'Where the guest lands after accepting.' },
  message: { type: 'string', value: 'TEXT', help: 'A message of yours in the mail.' },
  language: { type: 'string', value: 'TAG', help: 'Language of the mail, such as de or en-US.' },
  'display-name': { type: 'string', value: 'NAME', help: 'What the directory calls the guest.' },
  type: { type: 'string', value: 'TYPE', help: 'Guest (unless set) or Member.' },
  'no-mail': { type: 'boolean', help: 'Send no mail; hand the link over yourself.' },
  cc: { type: 'string', value: 'ADDRESS', help: 'Who gets a copy of the mail.' },
  expires: { type: 'string', value: 'WHEN', help: 'ISO 8601 date and time (UTC unless it says), or never.' },
  'access-ends': { type: 'string', value: 'WHEN', help: 'When the access of the guest ends, written like --expires.' },
  'contact-url': { type: 'string', value: 'URL', help: 'Where the guest can ask for help.' },
  sponsor: { type: 'string', value: 'ID', multiple: true, help: 'A user who answers for the guest.' },
  group: { type: 'string', value: 'ID', multiple: true, help: 'A group the guest is put into at once.' },
  wait: { type: 'boolean', help: 'Wait until the guest accepts or cannot any more.' },
  timeout: { type: 'string', value: 'TIME', help: 'How long --wait waits: 90s, 10m (unless set), 2h.' },
  'idempotency-key': { type: 'string', value: 'KEY', help: 'The same key invites once, however often it is sent.' },
  ...remoteOptions,
} as const satisfies Options

export default defineVerb({
  synopsis: 'invite <address> --redirect URL [options]',
  about: 'Invites a guest by mail and prints the id of the invitation, its status and the link to redeem it.',
  argument: '<address>',
  options,
  notes: connectionNotes,
  examples: [
    'invite ana@partner.example --redirect https://app.example/welcome',
    'invite ana@partner.example --redirect https://app.example --message "See you on Monday" --wait --json',
  ],
  async run({ values, argument }, io) {
    const timeoutMs = timeoutOf(values)
    const body = requestOf(argument, values)
    const client = await openClient(values.profile, io)
    const key = values['idempotency-key'] ?? randomUUID()
    const created = await client.post<Invitation>('/invitations', body, { 'idempotency-key': key })
    if (!values.json) io.out(announce(created, body.sendInvitationMessage))
    if (!values.wait) {
      if (values.json) io.out(json(created))
      return EXIT.done
    }
    const waited = await waitForEnding(client, created, timeoutMs, io)
    if (values.json) io.out(json({ ...waited.invitation, inviteRedeemUrl: created.inviteRedeemUrl }))
    return conclude(waited, values, io)
  },
})

type Given = Values<typeof options>

function timeoutOf(values: Given): number {
  if (values.timeout !== undefined && !values.wait) throw wrongUsage('--timeout says how long to wait: add --wait.')
  const timeoutMs = readDuration(values.timeout ?? '10m')
  if (timeoutMs === undefined) throw wrongUsage(`--timeout: '${values.timeout}' is not a time such as 90s, 10m or 2h.`)
  return timeoutMs
}

function requestOf(address: string, values: Given) {
  const { type, message, language, cc, sponsor, group } = values
  if (type !== undefined && type !== 'Guest' && type !== 'Member') throw wrongUsage('--type: give Guest or Member.')
  if (values['no-mail'] && (message ?? cc ?? language) !== undefined) {
    throw wrongUsage('--message, --cc and --language belong to the mail that --no-mail leaves out.')
  }
  const messageInfo = {
    ...(message !== undefined && { customizedMessageBody: message }),
    ...(language !== undefined && { messageLanguage: language }),
    ...(cc !== undefined && { ccRecipients: [{ emailAddress: { address: cc } }] }),
  }
  return {
    invitedUserEmailAddress: address,
    inviteRedirectUrl: values.redirect,
    sendInvitationMessage: !values['no-mail'],
    ...(Object.keys(messageInfo).length > 0 && { invitedUserMessageInfo: messageInfo }),
    ...(values['display-name'] !== undefined && { invitedUserDisplayName: values['display-name'] }),
    ...(type !== undefined && { invitedUserType: type }),
    ...(values.expires !== undefined && { expiresDateTime: expiryOf(values.expires) }),
    ...(values['access-ends'] !== undefined && { accessEndDateTime: momentOf('access-ends', values['access-ends']) }),
    ...(values['contact-url'] !== undefined && { contactUrl: values['contact-url'] }),
    ...(sponsor.length > 0 && { invitedUserSponsors: sponsor.map((id) => ({ id })) }),
    ...(group.length > 0 && { invitedUserGroups: group }),
  }
}

function expiryOf(text: string): string | null {
  return text === 'never' ? null : momentOf('expires', text, ', nor never')
}

function momentOf(option: 'expires' | 'access-ends', text: string, otherwise = ''): string {
  const [, date, time = 'T00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? []
  const instant = new Date(date === undefined ? Number.NaN : `${date}${time}${zone}`)
  if (Number.isNaN(instant.getTime())) {
    throw wrongUsage(`--${option}: '${text}' is not a date and time such as 2026-12-31T18:00Z${otherwise}.`)
  }
  return instant.toISOString()
}

function announce(created: Invitation, isMailWanted: boolean): string {
  const mail = created.delivery ? deliveryText(created) : 'queued'
  return `Invited ${created.invitedUserEmailAddress}\n${facts([
    ['id', created.id],
    ['user', created.invitedUser.id],
    ['status', created.status],
    ['mail', isMailWanted ? mail : 'none'],
    ['link', created.inviteRedeemUrl],
  ])}`
}

const SENTENCES: Record<Ending, string> = {
  accepted: 'accepted the invitation.',
  declined: 'declined the invitation. The link still works, should they think again.',
  expired: 'did not accept before the invitation expired.',
  revoked: 'cannot accept any more: the invitation was revoked.',
  bounced: 'did not get the mail',
}

function conclude({ invitation, ending }: Waited, values: Given, io: Io): number {
  const address = invitation.invitedUserEmailAddress
  if (ending === undefined) {
    io.err(`${address} has not answered within ${values.timeout ?? '10m'}. The invitation stays open.\n`)
    return EXIT.timedOut
  }
  const why = ending === 'bounced' ? ` (${deliveryText(invitation)}).` : ''
  const sentence = `${address} ${SENTENCES[ending]}${why}\n`
  if (ending !== 'accepted') io.err(sentence)
  else if (!values.json) io.out(sentence)
  return ending === 'accepted' ? EXIT.done : EXIT.ended
}
