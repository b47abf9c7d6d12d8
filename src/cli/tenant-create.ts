import { createTenant } from '../bootstrap.js'
import { EMAIL_ADDRESS_RULE, parseDomainName, parseEmailAddress } from '../kernel/email-address.js'
import { CommandFailure, EXIT, wrongUsage } from './failure.js'
import { localNotes, withLocal } from './local.js'
import { facts, json } from './text.js'
import { defineVerb } from './verb.js'

/** SQLSTATE of a broken unique constraint. */
const UNIQUE_VIOLATION = '23505'

export default defineVerb({
  synopsis: 'tenant create --domain DOMAIN --admin-email ADDRESS [options]',
  about:
    'Creates an organization with its first verified domain and a Global Administrator, who signs in with codes sent by mail.',
  options: {
    domain: { type: 'string', value: 'DOMAIN', required: true, help: 'Its domain, such as contoso.com.' },
    'admin-email': { type: 'string', value: 'ADDRESS', required: true, help: 'The mailbox of its administrator.' },
    'display-name': { type: 'string', value: 'NAME', help: 'What guests read; made of the domain unless set.' },
    json: { type: 'boolean', help: 'Print JSON, errors included.' },
  },
  notes: localNotes,
  examples: ['tenant create --domain contoso.com --admin-email ada@contoso.com --display-name Contoso'],
  async run({ values }, io) {
    const domain = parseDomainName(values.domain)
    const adminMail = parseEmailAddress(values['admin-email'])?.text
    const displayName = values['display-name']?.trim()
    if (domain === undefined) throw wrongUsage(`--domain: '${values.domain}' is not a full domain name.`)
    if (adminMail === undefined) throw wrongUsage(`--admin-email: ${EMAIL_ADDRESS_RULE}`)
    if (displayName !== undefined && (displayName === '' || displayName.length > 256)) {
      throw wrongUsage('--display-name: give 1 to 256 characters.')
    }
    const made = await withLocal(io, (local) =>
      createTenant(local, { domain, adminMail, displayName }).catch((error: unknown) => {
        if (!isUniqueViolation(error)) throw error
        throw new CommandFailure(`The domain ${domain} belongs to an organization already.`, { code: 'domainTaken' })
      }),
    )
    const told = { ...made, domain, adminUserPrincipalName: `admin@${domain}`, adminMail }
    if (values.json) {
      io.out(json(told))
      return EXIT.done
    }
    io.out(
      `Created ${domain}\n${facts([
        ['tenant', told.tenantId],
        ['administrator', adminMail],
      ])}`,
    )
    io.err(`Give a program access with: vestibule app create --tenant ${domain} --permission User.Invite.All\n`)
    return EXIT.done
  },
})

/** Drizzle wraps what the database said. */
function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === UNIQUE_VIOLATION) || isUniqueViolation(error.cause)
}
