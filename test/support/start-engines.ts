import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import postgres from 'postgres'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'
import { isAlive } from '../../src/platform/embedded-postgres/postmaster.js'
import { packageRoot } from '../../src/platform/package-root.js'
import { answers, startRedis } from './engines-redis.js'
import { enginesDir, readFacts, writeFacts } from './engines-state.js'
import { isCompiled, programOf } from './program.js'
import { makeSigningKeys } from './signing-keys.js'

/** Starts what does not run yet and ends without stopping it; several processes may do so at once. */
const STARTING = 0x73746172

const { connection } = await startEmbeddedPostgres({ dataDir: enginesDir, log: console, as: 'tool' })
const admin = postgres({ ...connection, user: 'postgres', database: 'postgres', max: 1, onnotice: () => {} })
await admin`select pg_advisory_lock(${STARTING})`
// Nobody misses these databases after a power cut, and making one waits for the disk more than for anything else. Tests of
// faults start servers of their own.
for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
  await admin.unsafe(`alter system set ${setting} = off`)
}
await admin.unsafe("alter system set max_wal_size = '256MB'")
await admin`select pg_reload_conf()`
const facts = await readFacts()
if (facts && (await answers(facts.redisUrl))) {
  await writeFacts({ ...facts, postgres: connection })
} else {
  const redis = await startRedis(enginesDir)
  await makeSigningKeys()
  await writeFacts({ postgres: connection, redisUrl: redis.url, redisPid: redis.pid })
}
await dropLeftovers()
await keepCompiled('test/redemption/journey.test.ts')
process.exit(0)

/** Databases of test files that were killed before they could clean up. */
async function dropLeftovers(): Promise<void> {
  const left = await admin<{ name: string }[]>`select datname as name from pg_database where datname like 'test\\_%'`
  for (const { name } of left) {
    if (!isAlive(Number(name.split('_')[1]))) await admin`drop database if exists ${admin(name)} with (force)`
  }
}

/**
 * Lets a test that does what most of them begin with run before all others, to keep the machine's code of what it called
 * for them (`bundle.js`). If it fails, it will say why when its turn comes; the others are only slower.
 */
async function keepCompiled(test: string): Promise<void> {
  if (!isCompiled || existsSync(join(packageRoot, 'dist/tests/bundle.cjs.cache'))) return
  await promisify(execFile)(process.execPath, [...programOf(test), '--keep-compiled']).catch(() => {})
}
