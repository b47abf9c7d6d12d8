import { type LoadResult, load } from '../support/load.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { processorSeconds, startProcess } from '../support/service.js'
import { latencies, median } from '../support/statistics.js'
import { createWorld, fetchToken } from '../support/tenant.js'

const CONNECTIONS = 32

/**
 * `POST /v1.0/invitations` with token check, policy, audit, outbox and a mail asked for, against pgbench running the
 * bare statement. The service process has the role `api` only, so what is measured is the request and not the mails.
 */
export const create: Scenario = {
  name: 'create',
  title: 'Create an invitation',
  async run(bench) {
    await bench.engines.recycleLog(bench.isQuick ? 20 : 96)
    const baseline = await bench.baseline()
    const world = await createWorld(bench.engines, 'create')
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const order = { ports: [service.port], token: await fetchToken(service.port, world), mailEvery: 1 }
    const seconds = bench.isQuick ? 2 : 5

    await baseline.run(CONNECTIONS, bench.isQuick ? 1 : 2)
    await load({ ...order, connections: CONNECTIONS, seconds: bench.isQuick ? 2 : 4 })
    const many: Round[] = []
    for (let round = 0; round < (bench.isQuick ? 1 : 3); round++) {
      const bare = await baseline.run(CONNECTIONS, seconds)
      const before = await processorSeconds(service.pid)
      const ours = await load({ ...order, connections: CONNECTIONS, seconds })
      many.push({ bare: bare.rate, ours, processor: (await processorSeconds(service.pid)) - before })
      bench.say(`bare ${bare.rate.toFixed(0)}/s, ours ${rateOf(ours).toFixed(0)}/s`)
    }
    const single: { bareMs: number; oursMs: number }[] = []
    for (let round = 0; round < 2; round++) {
      const bare = await baseline.run(1, bench.isQuick ? 1 : 3)
      const ours = await load({ ...order, connections: 1, seconds: bench.isQuick ? 1 : 3 })
      single.push({ bareMs: bare.averageMs, oursMs: latencies(ours.milliseconds).p50 })
    }
    await service.stop()
    return figures(many, single)
  },
}

type Round = { bare: number; ours: LoadResult; processor: number }

/** Invitations a second. */
export function rateOf({ count, seconds }: LoadResult): number {
  return count / seconds
}

function figures(many: Round[], single: { bareMs: number; oursMs: number }[]): Figure[] {
  const spread = latencies(many.flatMap(({ ours }) => ours.milliseconds))
  const count = many.reduce((sum, { ours }) => sum + ours.count, 0)
  const each = (seconds: (round: Round) => number) =>
    (many.reduce((sum, round) => sum + seconds(round), 0) / count) * 1_000
  return [
    {
      what: '32 connections, of the bare statement',
      value: median(many.map((r) => rateOf(r.ours) / r.bare)),
      unit: '',
      must: { atLeast: 0.9, goal: 1.2 },
    },
    { what: 'invitations', value: median(many.map((r) => rateOf(r.ours))), unit: '/s' },
    { what: 'bare statements', value: median(many.map((r) => r.bare)), unit: '/s' },
    { what: 'p50', value: spread.p50, unit: 'ms' },
    { what: 'p99', value: spread.p99, unit: 'ms' },
    { what: 'p99 of the median', value: spread.p99 / spread.p50, unit: '', must: { atMost: 4 } },
    { what: 'processor time of the service, each', value: each((r) => r.processor), unit: 'ms' },
    { what: 'processor time of the load generator, each', value: each((r) => r.ours.processorSeconds), unit: 'ms' },
    {
      what: '1 connection, median of the bare average',
      value: median(single.map((r) => r.oursMs / r.bareMs)),
      unit: '',
      must: { atMost: 3 },
    },
    { what: '1 connection, median', value: median(single.map((r) => r.oursMs)), unit: 'ms' },
    { what: '1 connection, bare average', value: median(single.map((r) => r.bareMs)), unit: 'ms' },
  ]
}
