import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'

/** Where the engines of the tests are. */
export type Facts = { postgres: EmbeddedPostgres['connection']; redisUrl: string; redisPid: number }

const root = join(import.meta.dirname, '../..')
const ROOM = 2 * 1024 ** 3
const MEMORY = '/dev/shm'

/**
 * In memory where there is room: the database of each test file is a thousand small files, and a disk takes longer to
 * make those than most tests take. Else in `.tap`. Kept between runs, for making a server takes longer than starting it.
 */
export const enginesDir = hasRoom(MEMORY)
  ? join(MEMORY, `vestibule-tests-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
  : join(root, '.tap/engines')
const factsFile = join(enginesDir, 'engines.json')

/** What the last start wrote, whether or not it still runs. */
export async function readFacts(): Promise<Facts | undefined> {
  const text = await readFile(factsFile, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

/** Tells the test files where the engines are. */
export async function writeFacts(facts: Facts): Promise<void> {
  await mkdir(enginesDir, { recursive: true })
  await writeFile(`${factsFile}.${process.pid}`, JSON.stringify(facts))
  await rename(`${factsFile}.${process.pid}`, factsFile)
}

/** Of all there is, not of what is left: a run must find the engines where the one before left them. */
function hasRoom(dir: string): boolean {
  try {
    const { bsize, blocks } = statfsSync(dir)
    return bsize * blocks >= ROOM
  } catch {
    return false
  }
}
