import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { programOf } from './program.js'

const root = new URL('../..', import.meta.url)
const START_MS = 180_000

/**
 * The service as `npm start` runs it, on embedded defaults and free ports: a process of its own that makes its database,
 * its CA and its tenant. Answers with the path of `bootstrap.json` once `/readyz` is green.
 */
export async function startAsUsersDo(t: Test): Promise<{ file: string; facts: Record<string, string> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-local-'))
  const service = spawn(process.execPath, programOf('src/main.ts'), {
    cwd: root,
    env: { ...plainEnvironment(), PORT: '0', VESTIBULE_TLS_PORT: '0', VESTIBULE_DATA_DIR: dataDir, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  service.stderr.on('data', (chunk) => {
    complaints += chunk
  })
  t.teardown(async () => {
    await stop(service)
    await rm(dataDir, { recursive: true, force: true })
  })
  const file = join(dataDir, 'bootstrap.json')
  const deadline = Date.now() + START_MS
  for (;;) {
    const facts = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
    if (facts && (await isReady(facts.baseUrl))) return { file, facts }
    if (service.exitCode !== null || Date.now() > deadline) throw new Error(`the service did not start: ${complaints}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Ours, without what test runners put there and without settings of a service on this machine. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH, HOME, ...(TMPDIR && { TMPDIR }) }
}

function isReady(baseUrl: string): Promise<boolean> {
  return fetch(`${baseUrl}/readyz`).then(
    (response) => response.ok,
    () => false,
  )
}

async function stop(service: ChildProcess): Promise<void> {
  if (service.exitCode !== null) return
  service.kill('SIGTERM')
  await once(service, 'exit')
}
