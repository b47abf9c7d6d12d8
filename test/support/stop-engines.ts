import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findPostmaster, stopPostmaster } from '../../src/platform/embedded-postgres/postmaster.js'
import { openSession } from '../../src/platform/embedded-postgres/session.js'
import { answers } from './engines-redis.js'
import { enginesDir, readFacts } from './engines-state.js'

/** Stops the engines of the tests, unless another run still uses them. */
const facts = await readFacts()
const session = facts && (await openSession(facts.postgres, 'tool', () => {}))
await session?.join()
// From here on until PostgreSQL is gone, whoever wants the engines waits and then starts both.
if (facts && (await session?.isLast())) {
  if (await answers(facts.redisUrl)) process.kill(facts.redisPid, 'SIGTERM')
  while (await answers(facts.redisUrl)) await sleep(10)
  const clusterDir = join(enginesDir, 'postgres')
  const pid = await findPostmaster(clusterDir)
  if (pid !== undefined) await stopPostmaster(pid, clusterDir, 10_000)
}
await session?.close()
