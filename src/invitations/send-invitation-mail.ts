import { parseEmailAddress } from '../kernel/email-address.js'
import type { Keys } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'
import { type Language, matchLanguage, textsIn } from '../platform/i18n/index.js'
import type { Logger } from '../platform/log.js'
import { type Mail, type Mailbox, MailNotAccepted, type MailTransport } from '../platform/mail/mail.js'
import { nextTryAfter } from '../platform/mail/retry.js'
import { endWork } from '../platform/outbox/store.js'
import type { Work } from '../platform/queue.js'
import { mayRedeem, type Policies } from '../policies/index.js'
import { mailOrganization, type Tenant, type Tenants } from '../tenants/index.js'
import { invitationMail } from './mail/invitation-mail.js'
import type { MailFacts, MailResult, MailStore } from './mail-store.js'
import { blockUrl, redeemUrl } from './ticket.js'

type Needs = {
  database: Pick<Database, 'sql'>
  tenants: Tenants
  policies: Policies
  keys: Keys
  clock: () => Date
  log: Logger
  mailStore: MailStore
  transport: MailTransport
  /** Where links in mails lead: the public URL, whoever asked for the mail. */
  publicUrl: () => string
  mailFrom: Mailbox
  /** Counts mails by what became of them. */
  counted: (kind: 'invitation', outcome: MailResult['state']) => void
}

/**
 * Sends the mail of one outbox row, or finds that it is no longer wanted. Safe to run twice: the row's end is recorded
 * in the statement that counts the send, so at most the mails in flight at a crash go out again.
 */
export async function sendInvitationMail(needs: Needs, work: Work): Promise<void> {
  const { mailStore, clock } = needs
  const [tenant, facts] = await Promise.all([
    needs.tenants.find(work.tenantId),
    mailStore.load(work.tenantId, work.id, work.subjectId),
  ])
  if (!facts || !tenant) return endWork(needs.database.sql, work.id)

  const result = await attempt(needs, tenant, facts, work)
  await mailStore.finish(work.tenantId, clock(), result)
  needs.counted('invitation', result.state)
}

async function attempt(needs: Needs, tenant: Tenant, facts: MailFacts, work: Work): Promise<MailResult> {
  const result = { mailId: work.id, invitationId: facts.id, reason: null, providerMessageId: null, retryInMs: null }
  const reason = unwanted(tenant, facts, needs.clock()) ?? (await forbidden(needs, tenant, facts))
  if (reason) return { ...result, state: 'suppressed', reason }
  try {
    const { providerMessageId } = await needs.transport.send(render(needs, tenant, facts))
    return { ...result, state: 'sent', providerMessageId: providerMessageId ?? null }
  } catch (error) {
    const refusal = error instanceof MailNotAccepted ? error : undefined
    const words = error instanceof Error ? error.message : 'unknown error'
    needs.log.warn(
      { mail: work.id, err: error, permanent: refusal?.permanent ?? false },
      'invitation mail not accepted',
    )
    const retryInMs = nextTryAfter(refusal, work, needs.clock())
    if (retryInMs === undefined) return { ...result, state: 'failed', reason: words }
    return { ...result, state: 'deferred', reason: words, retryInMs }
  }
}

/** Why a mail that was asked for is not sent after all, as `delivery.reason`. */
function unwanted(tenant: Tenant, facts: MailFacts, now: Date): string | undefined {
  if (facts.unsubscribed) return 'recipientBlocked'
  if (facts.user_gone || !tenant.enabled) return 'noLongerWanted'
  // Reset since: only invitations made before have later versions, and all their links are dead.
  if (facts.ticket_version > 1) return 'noLongerPending'
  if (facts.status === 'completed') {
    // Made for a guest who had accepted before: the mail is a shortcut. Accepted since: there is nothing to ask.
    const before = facts.redeemed_date_time !== null && facts.redeemed_date_time <= facts.created_date_time
    return before ? undefined : 'alreadyAccepted'
  }
  const lapsed = facts.expires_date_time !== null && facts.expires_date_time <= now
  return facts.status !== 'pending' || lapsed ? 'noLongerPending' : undefined
}

/** The code of the rule that lets nobody of this address in any more: the link would lead to a closed door. */
async function forbidden(needs: Needs, tenant: Tenant, facts: MailFacts): Promise<string | undefined> {
  const invitee = parseEmailAddress(facts.invited_user_email_address)
  if (!invitee) return 'noLongerWanted'
  const decision = mayRedeem(await needs.policies.of(tenant), invitee)
  return decision.allowed ? undefined : (decision.refusal?.code ?? 'noLongerWanted')
}

function render(needs: Needs, tenant: Tenant, facts: MailFacts): Mail {
  const texts = textsIn(languageOf(tenant, facts))
  const publicUrl = needs.publicUrl()
  const block = blockUrl(publicUrl, needs.keys, tenant.id, facts.id)
  const rendered = invitationMail({
    texts,
    organization: mailOrganization(tenant, publicUrl),
    inviter: { kind: facts.inviter_kind, name: facts.inviter_name, mail: facts.inviter_mail ?? undefined },
    message: facts.customized_message_body ?? undefined,
    redeemUrl: redeemUrl(publicUrl, needs.keys, {
      tenantId: tenant.id,
      invitationId: facts.id,
      version: facts.ticket_version,
      userId: facts.user_id,
    }),
    landingUrl: facts.invite_redirect_url,
    expiresAt: facts.expires_date_time ?? undefined,
    invitedAddress: facts.invited_user_email_address,
    blockUrl: block,
    privacyUrl: tenant.privacyStatementUrl,
    contactUrl: facts.contact_url ?? (tenant.contactAddress && `mailto:${tenant.contactAddress}`),
    isShortcut: facts.status === 'completed',
  })
  return {
    id: facts.mail_id,
    tenantId: tenant.id,
    kind: 'invitation',
    from: { ...needs.mailFrom, name: texts.say('mail.from', { organization: tenant.displayName }) },
    replyTo: facts.inviter_mail ? { name: facts.inviter_name, address: facts.inviter_mail } : undefined,
    to: { name: facts.invited_user_display_name ?? undefined, address: facts.invited_user_email_address },
    cc: facts.cc_address ? [{ name: facts.cc_name ?? undefined, address: facts.cc_address }] : [],
    ...rendered,
    // RFC 8058: one click in the mail program blocks; the same address opened in a browser asks first.
    headers: { 'List-Unsubscribe': `<${block}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  }
}

/** Spec section 4: the call's language, the guest's, their home organization's, the inviting one's, English. */
function languageOf(tenant: Tenant, facts: MailFacts): Language {
  const { message_language: asked, preferred_language: preferred, home_language: home } = facts
  for (const tag of [asked, preferred, home, tenant.notificationLanguage]) {
    const language = tag ? matchLanguage(tag) : undefined
    if (language) return language
  }
  return 'en'
}
