import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { BareOrder, BareStarted } from '../support/bare-provider.js'
import { atEnd, freePort, runWorker, stop, watch } from '../support/processes.js'
import { type Asked, createRelyingWorld } from '../support/relying-party.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { processorSeconds, startProcess } from '../support/service.js'
import type { SignInOrder, SignInResult } from '../support/sign-in-worker.js'
import { latencies, median } from '../support/statistics.js'

const CONNECTIONS = 32
const PEOPLE = 64

/** Signing in to an application, and tokens of the application alone, against `oidc-provider` that keeps all in memory. */
export const signIn: Scenario = {
  name: 'sign-in',
  title: 'Sign in to an application',
  async run(bench) {
    const { world, ask } = await createRelyingWorld(bench.engines, 'sign_in', PEOPLE)
    const service = await startProcess({ ...world.env, VESTIBULE_ROLES: 'api' })
    const ours = { asked: ask(service.port), pid: service.pid }
    const bare = await startBare(ours.asked)
    const seconds = bench.isQuick ? 2 : 5

    const figures: Figure[] = []
    for (const what of ['code', 'client'] as const) {
      // Either side the same: both are faster the longer the compiler has watched them.
      const warm = bench.isQuick ? 2 : 10
      await runSignIns({ asked: bare, what, connections: CONNECTIONS, seconds: warm })
      await runSignIns({ asked: ours.asked, what, connections: CONNECTIONS, seconds: warm })
      const rounds: Round[] = []
      for (let round = 0; round < (bench.isQuick ? 2 : 5); round++) {
        const plain = await runSignIns({ asked: bare, what, connections: CONNECTIONS, seconds })
        const before = await processorSeconds(ours.pid)
        const own = await runSignIns({ asked: ours.asked, what, connections: CONNECTIONS, seconds })
        rounds.push({ plain, own, processor: (await processorSeconds(ours.pid)) - before })
        bench.say(`${what}: bare ${rateOf(plain).toFixed(0)}/s, ours ${rateOf(own).toFixed(0)}/s`)
      }
      figures.push(...figuresOf(NAMES[what], rounds))
    }
    await service.stop()
    return figures
  },
}

const NAMES = { code: 'code flow', client: 'client credentials' }

type Round = { plain: SignInResult; own: SignInResult; processor: number }

export const rateOf = ({ milliseconds, seconds }: SignInResult) => milliseconds.length / seconds

/** Asks from a process of its own. */
export function runSignIns(order: SignInOrder): Promise<SignInResult> {
  return runWorker<SignInResult>(new URL('../support/sign-in-worker.ts', import.meta.url), order)
}

function figuresOf(name: string, rounds: Round[]): Figure[] {
  const spread = latencies(rounds.flatMap(({ own }) => own.milliseconds))
  const count = rounds.reduce((sum, { own }) => sum + own.milliseconds.length, 0)
  const processor = rounds.reduce((sum, round) => sum + round.processor, 0)
  return [
    {
      what: `${name}, of bare oidc-provider`,
      value: median(rounds.map(({ plain, own }) => rateOf(own) / rateOf(plain))),
      unit: '',
      must: { atLeast: 0.6 },
    },
    { what: `${name}, ours`, value: median(rounds.map(({ own }) => rateOf(own))), unit: '/s' },
    { what: `${name}, bare`, value: median(rounds.map(({ plain }) => rateOf(plain))), unit: '/s' },
    { what: `${name}, p50`, value: spread.p50, unit: 'ms' },
    { what: `${name}, p99`, value: spread.p99, unit: 'ms' },
    { what: `${name}, processor time of the service`, value: (processor / count) * 1_000, unit: 'ms' },
  ]
}

/** The library by itself, in a process of its own. */
async function startBare(ours: Asked): Promise<Asked> {
  const port = await freePort()
  const module = fileURLToPath(new URL('../support/bare-provider.ts', import.meta.url))
  const child = watch(
    fork(module, {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
    }),
  )
  atEnd(() => stop(child))
  const { clientId, clientSecret } = ours
  child.send({ port, clientId, clientSecret, people: PEOPLE } satisfies BareOrder)
  const { cookies } = await new Promise<BareStarted>((resolve, reject) => {
    child.once('message', (message) => resolve(message as BareStarted))
    child.once('exit', (code) => reject(new Error(`the bare provider ended with ${code}`)))
  })
  return { ...ours, port, authorizePath: '/auth', tokenPath: '/token', cookies }
}
