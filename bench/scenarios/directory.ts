import { load } from '../support/load.js'
import { startWorker } from '../support/processes.js'
import type { ReadOrder, ReadResult } from '../support/read-worker.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { latencies, median } from '../support/statistics.js'
import { createWorld, fetchToken } from '../support/tenant.js'

const CONNECTIONS = 32
/** As many as the ids that are asked for in turn. */
const GUESTS = 2_000

/** `GET /v1.0/users/{id}` with token check, against a route of the same server that does nothing. */
export const directory: Scenario = {
  name: 'directory',
  title: 'Read a user',
  async run(bench) {
    const world = await createWorld(bench.engines, 'directory')
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const { port } = service
    const token = await fetchToken(port, world)
    await load({ ports: [port], token, connections: CONNECTIONS, mailEvery: 0, most: GUESTS })
    const ids = await idsOf(port, token)
    const read = (paths: string[], seconds: number) =>
      startWorker<ReadResult>(new URL('../support/read-worker.ts', import.meta.url), {
        port,
        token,
        connections: CONNECTIONS,
        seconds,
        paths,
      } satisfies ReadOrder).result
    const users = ids.map((id) => `/v1.0/users/${id}`)
    const seconds = bench.isQuick ? 2 : 5

    await read(['/healthz'], 1)
    await read(users, 2)
    const rounds: { nothing: ReadResult; user: ReadResult }[] = []
    for (let round = 0; round < (bench.isQuick ? 2 : 5); round++) {
      const pair = { nothing: await read(['/healthz'], seconds), user: await read(users, seconds) }
      rounds.push(pair)
      bench.say(`nothing ${rateOf(pair.nothing).toFixed(0)}/s, a user ${rateOf(pair.user).toFixed(0)}/s`)
    }
    await service.stop()
    return figures(rounds)
  },
}

const rateOf = ({ milliseconds, seconds }: ReadResult) => milliseconds.length / seconds

async function idsOf(port: number, token: string): Promise<string[]> {
  const ids: string[] = []
  for (let next: string | undefined = `http://localhost:${port}/v1.0/users?$select=id&$top=999`; next; ) {
    const response: Response = await fetch(next, { headers: { authorization: `Bearer ${token}` } })
    const page = (await response.json()) as { value: { id: string }[]; '@odata.nextLink'?: string }
    ids.push(...page.value.map(({ id }) => id))
    next = page['@odata.nextLink']
  }
  return ids
}

function figures(rounds: { nothing: ReadResult; user: ReadResult }[]): Figure[] {
  const spread = latencies(rounds.flatMap(({ user }) => user.milliseconds))
  return [
    {
      what: '32 connections, of a route that does nothing',
      value: median(rounds.map(({ nothing, user }) => rateOf(user) / rateOf(nothing))),
      unit: '',
      must: { atLeast: 0.5 },
    },
    { what: 'users', value: median(rounds.map(({ user }) => rateOf(user))), unit: '/s' },
    { what: 'nothing', value: median(rounds.map(({ nothing }) => rateOf(nothing))), unit: '/s' },
    { what: 'p50', value: spread.p50, unit: 'ms' },
    { what: 'p99', value: spread.p99, unit: 'ms' },
  ]
}
