import { load } from '../support/load.js'
import { runWorker } from '../support/processes.js'
import type { RedeemOrder, RedeemResult } from '../support/redeem-worker.js'
import type { Scenario } from '../support/scenario.js'
import { SECRET, startProcess } from '../support/service.js'
import { latencies, median } from '../support/statistics.js'
import { createWorld, fetchToken } from '../support/tenant.js'

const CONNECTIONS = 32

/**
 * The whole way of a guest, six requests: open the link, ask for the code, see the page for it, send it, see the
 * consent page, accept. Each guest has a client address of its own, told by a trusted proxy. Codes are worked out from
 * the passcode's row with the service's secret, since the mail worker is not what is measured here; that look-up is one
 * statement for all guests who wait, on the same server, and its time counts as part of the redemption.
 */
export const redeem: Scenario = {
  name: 'redeem',
  title: 'Redeem an invitation',
  async run({ engines, baseline, isQuick, say }) {
    const bare = await baseline()
    const world = await createWorld(engines, 'redeem')
    const service = await startProcess({
      ...world.env,
      VESTIBULE_ROLES: 'api',
      VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8',
    })
    const token = await fetchToken(service.port, world)
    const rounds: { bare: number; ours: RedeemResult }[] = []
    let guests = 0
    const round = async (seconds: number, most: number): Promise<RedeemResult> => {
      const { links } = await load({
        ports: [service.port],
        token,
        connections: CONNECTIONS,
        mailEvery: 0,
        most,
        keepLinks: true,
      })
      const order: RedeemOrder = {
        port: service.port,
        databaseUrl: engines.adminUrlOf(world.database),
        secret: SECRET,
        tenantId: world.tenantId,
        connections: CONNECTIONS,
        seconds,
        links,
        firstGuest: guests,
      }
      guests += links.length
      return runWorker<RedeemResult>(new URL('../support/redeem-worker.ts', import.meta.url), order)
    }
    await round(isQuick ? 1 : 4, isQuick ? 1_000 : 4_000)
    for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
      const { rate } = await bare.run(CONNECTIONS, isQuick ? 2 : 4)
      const ours = await round(isQuick ? 2 : 8, isQuick ? 3_000 : 9_000)
      rounds.push({ bare: rate, ours })
      say(`bare ${rate.toFixed(0)}/s, redeemed ${(ours.count / ours.seconds).toFixed(0)}/s`)
    }
    await service.stop()
    const spread = latencies(rounds.flatMap(({ ours }) => ours.milliseconds))
    const count = rounds.reduce((sum, { ours }) => sum + ours.count, 0)
    return [
      {
        what: 'of the bare statement',
        value: median(rounds.map((r) => r.ours.count / r.ours.seconds / r.bare)),
        unit: '',
        must: { atLeast: 0.1, goal: 0.2 },
      },
      { what: 'redemptions', value: median(rounds.map((r) => r.ours.count / r.ours.seconds)), unit: '/s' },
      { what: 'bare statements', value: median(rounds.map((r) => r.bare)), unit: '/s' },
      { what: 'p50 of the whole way', value: spread.p50, unit: 'ms' },
      { what: 'p99 of the whole way', value: spread.p99, unit: 'ms' },
      {
        what: 'of that the look-up of the code',
        value: rounds.reduce((sum, { ours }) => sum + ours.lookUpMs, 0) / count,
        unit: 'ms',
      },
    ]
  },
}
