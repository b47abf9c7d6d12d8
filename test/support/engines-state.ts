import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'

/** Where the engines of the tests are. */
export type Facts = { postgres: EmbeddedPostgres['connection']; redisUrl: string; redisPid: number }

/** Kept between runs: making a database server takes longer than starting it. */
export const enginesDir = join(import.meta.dirname, '../../.tap/engines')
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
