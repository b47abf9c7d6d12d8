import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import type { MailTransport } from '../../src/platform/mail/mail.js'
import { startRelay } from '../../src/platform/outbox/relay.js'
import { TOPICS } from '../../src/services.js'
import { startMailWorkers } from '../../workers/mail.js'
import type { Rate } from '../scenarios/mail.js'
import { openWorld } from './tenant.js'
import { serve } from './worker.js'

export type MailOrder = { env: Record<string, string>; adminUrl: string }

let sent = 0
const instant: MailTransport = {
  name: 'smtp',
  async send({ id }) {
    sent += 1
    return { providerMessageId: id }
  },
  verify: async () => {},
  close: async () => {},
}

/** Ends when the outbox, which is full when this starts, is empty. */
serve<MailOrder, Rate>(async ({ env, adminUrl }) => {
  const sql = postgres(adminUrl, { max: 1 })
  const waiting = async () => (await sql<{ count: number }[]>`select count(*)::int as count from outbox`)[0]?.count ?? 0
  const count = await waiting()
  const services = await openWorld(env, instant)
  services.origins.set({ publicUrl: 'http://localhost:3000' })
  const workers = startMailWorkers(services)
  const began = performance.now()
  const relay = startRelay(services, TOPICS)
  // Counting rows costs the database something, so it starts when every mail has left.
  while (sent < count || (await waiting()) > 0) await sleep(10)
  const seconds = (performance.now() - began) / 1_000
  const [unsent] = await sql<
    { count: number }[]
  >`select count(*)::int as count from invitation_mails where state <> 'sent'`
  if (unsent?.count !== 0) throw new Error(`${unsent?.count} mails ended as something else than sent`)
  await relay.close()
  await Promise.all(workers.map((worker) => worker.close()))
  await services.close()
  await sql.end()
  return { rate: count / seconds }
})
