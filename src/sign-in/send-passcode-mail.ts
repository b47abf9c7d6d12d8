import { type Language, matchLanguage, textsIn } from '../platform/i18n/index.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import type { Work } from '../platform/queue.js'
import { mailOrganization, type Tenant } from '../tenants/index.js'
import { type DeliverNeeds, type Delivery, deliverPasscode } from './deliver-passcode.js'
import { passcodeMail } from './mail/passcode-mail.js'
import type { PasscodeMailFacts } from './store.js'

type Needs = DeliverNeeds & {
  transport: MailTransport
  publicUrl: () => string
  mailFrom: Mailbox
  counted: (kind: 'passcode', outcome: Delivery) => void
}

/** Mails the code of one outbox row unless it is used, expired or replaced. Safe to run twice. */
export async function sendPasscodeMail(needs: Needs, work: Work): Promise<void> {
  const became = await deliverPasscode(
    needs,
    work,
    (tenant, facts, code) => needs.transport.send(render(needs, tenant, facts, work, code)),
    (error) => (error instanceof MailNotAccepted ? error : undefined),
  )
  if (became) needs.counted('passcode', became)
}

function render(needs: Needs, tenant: Tenant, facts: PasscodeMailFacts, work: Work, code: string): Mail {
  const language: Language = matchLanguage(facts.language) ?? 'en'
  const texts = textsIn(language)
  return {
    id: work.id,
    tenantId: tenant.id,
    kind: 'passcode',
    from: { ...needs.mailFrom, name: texts.say('mail.from', { organization: tenant.displayName }) },
    to: { address: facts.address },
    cc: [],
    ...passcodeMail({
      texts,
      organization: mailOrganization(tenant, needs.publicUrl()),
      code,
      expiresAt: new Date(facts.expiresAt),
      askedAt: new Date(facts.createdAt),
      address: facts.address,
    }),
    headers: {},
  }
}
