import { LRUCache } from 'lru-cache'
import type postgres from 'postgres'
import { createCoalescer } from '../platform/coalescer.js'
import { isAnswered } from '../platform/database.js'

/** An invitation as its mail needs it. */
export type MailFacts = {
  mail_id: string
  id: string
  user_id: string
  invited_user_email_address: string
  invited_user_display_name: string | null
  invite_redirect_url: string
  message_language: string | null
  customized_message_body: string | null
  cc_name: string | null
  cc_address: string | null
  contact_url: string | null
  status: 'pending' | 'completed' | 'expired' | 'revoked' | 'error'
  ticket_version: number
  created_date_time: Date
  expires_date_time: Date | null
  redeemed_date_time: Date | null
  inviter_kind: 'user' | 'application'
  inviter_name: string
  inviter_mail: string | null
  preferred_language: string | null
  /** Of the organization here that the address belongs to. */
  home_language: string | null
  user_gone: boolean
  unsubscribed: boolean
}

/** What became of a mail. `retryInMs` gives it another turn; without it the outbox row ends. */
export type MailResult = {
  mailId: string
  invitationId: string
  state: 'sent' | 'deferred' | 'failed' | 'suppressed'
  reason: string | null
  providerMessageId: string | null
  retryInMs: number | null
}

export type MailStore = {
  /** Undefined when the mail was dealt with already, or its invitation is gone. */
  load(tenantId: string, mailId: string, invitationId: string): Promise<MailFacts | undefined>
  finish(tenantId: string, now: Date, result: MailResult): Promise<void>
}

/** Loads and finishes mails, those of one tenant that are due together in one statement each. */
export function createMailStore(sql: postgres.Sql): MailStore {
  const loaders = new LRUCache<string, (row: { mailId: string; invitationId: string }) => Promise<MailFacts | null>>({
    max: 500,
  })
  const finishers = new LRUCache<string, (row: { now: Date; result: MailResult }) => Promise<true>>({ max: 500 })

  const loaderOf = (tenantId: string) =>
    remembered(loaders, tenantId, () =>
      createCoalescer({
        keys: ({ mailId }) => [mailId],
        mayBeOneRow: isAnswered,
        run: async (rows) => {
          const found = await sql<MailFacts[]>`
            select * from invitations_load_mails(${tenantId}, ${JSON.stringify(rows)}::text::jsonb)`
          const byMail = new Map(found.map((mail) => [mail.mail_id, mail]))
          return rows.map(({ mailId }) => byMail.get(mailId) ?? null)
        },
      }),
    )
  const finisherOf = (tenantId: string) =>
    remembered(finishers, tenantId, () =>
      createCoalescer({
        // One invitation once a statement: an UPDATE joins each row with one result only.
        keys: ({ result }) => [result.invitationId],
        mayBeOneRow: isAnswered,
        run: async (rows) => {
          const now = rows[0]?.now ?? new Date(0)
          const results = JSON.stringify(rows.map(({ result }) => result))
          await sql`select invitations_finish_mails(${tenantId}, ${now.toISOString()}, ${results}::text::jsonb)`
          return rows.map(() => true as const)
        },
      }),
    )

  return {
    load: async (tenantId, mailId, invitationId) => (await loaderOf(tenantId)({ mailId, invitationId })) ?? undefined,
    finish: async (tenantId, now, result) => {
      await finisherOf(tenantId)({ now, result })
    },
  }
}

function remembered<Value extends object>(cache: LRUCache<string, Value>, key: string, make: () => Value): Value {
  const known = cache.get(key)
  if (known) return known
  const made = make()
  cache.set(key, made)
  return made
}

/** Ends up to `most` invitations of a tenant that lapsed at `from` or later; returns how many, and the time of the last. */
export async function expirePending(
  sql: postgres.Sql,
  tenantId: string,
  { from, now, most }: { from: string; now: Date; most: number },
): Promise<{ ended: number; last: string | null }> {
  const [row] = await sql<{ ended: number; last: string | null }[]>`
    select ended, last::text from invitations_expire(${tenantId}, ${now.toISOString()}, ${from}::text::timestamptz, ${most})`
  return row ?? { ended: 0, last: null }
}
