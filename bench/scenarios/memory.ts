import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { directory } from '../support/engines.js'
import { load } from '../support/load.js'
import type { Bench, Figure, Scenario } from '../support/scenario.js'
import { residentMiB, type ServiceProcess, startProcess } from '../support/service.js'
import { slope } from '../support/statistics.js'
import { createWorld, fetchToken } from '../support/tenant.js'
import { startEmbedded } from './start.js'

const PORTIONS = 10

/**
 * Resident memory of the Node process: idle, as `npm start` leaves it; and over 200,000 invitations, of which every
 * tenth asks for a mail, in a process with both roles on Redis. After each portion the process collects its garbage,
 * so that the slope shows what is kept and not when the collector ran.
 */
export const memory: Scenario = {
  name: 'memory',
  title: 'Memory',
  async run(bench) {
    const idle = await startEmbedded(await directory(bench.engines, 'idle'))
    await sleep(bench.isQuick ? 2_000 : 5_000)
    const idleMiB = await residentMiB(idle.pid)
    await idle.stop()
    return [{ what: 'idle, resident', value: idleMiB, unit: 'MiB', must: { atMost: 200 } }, ...(await trend(bench))]
  },
}

async function trend({ engines, isQuick, say }: Bench): Promise<Figure[]> {
  const world = await createWorld(engines, 'memory')
  const service = await startProcess(world.env, {
    nodeArguments: ['--expose-gc', '--import', new URL('../support/report-memory.js', import.meta.url).href],
    ipc: true,
  })
  const token = await fetchToken(service.port, world)
  const most = (isQuick ? 40_000 : 200_000) / PORTIONS
  const made: number[] = []
  const heap: number[] = []
  const resident: number[] = []
  for (let portion = 1; portion <= PORTIONS; portion++) {
    await load({ ports: [service.port], token, connections: 32, mailEvery: 10, most })
    const { heapUsed, rss } = await memoryOf(service)
    made.push(portion * most)
    heap.push(heapUsed / 1_024)
    resident.push(rss / 1_024)
    say(
      `${portion * most}: heap ${(heapUsed / 1_024 ** 2).toFixed(1)} MiB, resident ${(rss / 1_024 ** 2).toFixed(1)} MiB`,
    )
  }
  await service.stop()
  // Caches and compiled code fill up at first; what counts is what comes after.
  const settled = (values: number[]) => values.slice(PORTIONS / 2)
  return [
    {
      what: 'heap kept, second half of the run',
      value: slope(settled(made), settled(heap)) * 1_000,
      unit: 'KiB per 1,000',
      must: { atMost: 20 },
    },
    {
      what: 'resident, second half of the run',
      value: slope(settled(made), settled(resident)) * 1_000,
      unit: 'KiB per 1,000',
    },
    { what: 'heap after the last portion', value: (heap.at(-1) ?? 0) / 1_024, unit: 'MiB' },
    { what: 'resident after the last portion', value: (resident.at(-1) ?? 0) / 1_024, unit: 'MiB' },
  ]
}

async function memoryOf({ child }: ServiceProcess): Promise<NodeJS.MemoryUsage> {
  const answer = once(child, 'message')
  child.send('memory')
  const [usage] = (await answer) as [NodeJS.MemoryUsage]
  return usage
}
