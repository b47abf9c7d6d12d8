import { load } from '../support/load.js'
import type { MailOrder } from '../support/mail-worker.js'
import type { NoopOrder } from '../support/noop-worker.js'
import { runWorker } from '../support/processes.js'
import type { Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { median } from '../support/statistics.js'
import { createWorld, fetchToken } from '../support/tenant.js'

/** Jobs or mails a second. */
export type Rate = { rate: number }

/**
 * The relay and the mail workers of the service with a transport that answers at once, against BullMQ workers whose
 * jobs do nothing, on the same Redis. Invitations are made and jobs are added before the clock starts; it stops for the
 * service when the last mail is recorded as sent, for BullMQ when the last job has ended.
 */
export const mail: Scenario = {
  name: 'mail',
  title: 'Send invitation mails',
  async run({ engines, isQuick, say }) {
    const world = await createWorld(engines, 'mail')
    const most = isQuick ? 4_000 : 20_000
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const token = await fetchToken(service.port, world)
    const rounds: { bare: number; ours: number }[] = []
    for (let round = 0; round < (isQuick ? 1 : 2); round++) {
      await load({ ports: [service.port], token, connections: 32, mailEvery: 1, most })
      const jobs: NoopOrder = { redisUrl: engines.redisUrl, count: most, concurrency: 50 }
      const bare = await runWorker<Rate>(new URL('../support/noop-worker.ts', import.meta.url), jobs)
      const mails: MailOrder = { env: world.env, adminUrl: engines.adminUrlOf(world.database) }
      const ours = await runWorker<Rate>(new URL('../support/mail-worker.ts', import.meta.url), mails)
      rounds.push({ bare: bare.rate, ours: ours.rate })
      say(`no-op jobs ${bare.rate.toFixed(0)}/s, mails ${ours.rate.toFixed(0)}/s`)
    }
    await service.stop()
    return [
      {
        what: 'of BullMQ no-op jobs',
        value: median(rounds.map((r) => r.ours / r.bare)),
        unit: '',
        must: { atLeast: 0.2, goal: 0.4 },
      },
      { what: 'mails', value: median(rounds.map((r) => r.ours)), unit: '/s' },
      { what: 'no-op jobs', value: median(rounds.map((r) => r.bare)), unit: '/s' },
    ]
  },
}
