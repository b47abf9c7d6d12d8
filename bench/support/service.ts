import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packageRoot } from '../../src/platform/package-root.js'
import { atEnd, freePort, stop, watch } from './processes.js'

/** The built service, running as a process of its own. */
export type ServiceProcess = { child: ChildProcess; pid: number; port: number; stop(): Promise<void> }

/** What the service is told when it does not bring its own database. */
export const SECRET = 'a secret of the benchmarks, made of 32 characters or more'

const READY_WITHIN_MS = 60_000

/** Starts `dist/src/main.js` with just this environment and resolves once `/readyz` says yes. */
export async function startProcess(
  env: Record<string, string>,
  options: { nodeArguments?: string[]; ipc?: boolean } = {},
): Promise<ServiceProcess> {
  const main = join(packageRoot, 'dist/src/main.js')
  if (!existsSync(main)) throw new Error('dist/ is missing: npm run build')
  const port = await freePort()
  const given = {
    PORT: String(port),
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
    PATH: process.env['PATH'] ?? '',
    ...env,
  }
  const child = watch(
    spawn(process.execPath, [...(options.nodeArguments ?? extraArguments()), main], {
      env: given,
      stdio: ['ignore', 'ignore', 'inherit', ...(options.ipc ? (['ipc'] as const) : [])],
    }),
  )
  const service = { child, pid: child.pid ?? 0, port, stop: () => stop(child) }
  atEnd(service.stop)
  if (env['VESTIBULE_ROLES'] === 'worker') return service
  for (const until = Date.now() + READY_WITHIN_MS; !(await isReady(port)); await sleep(5)) {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode} while starting`)
    if (Date.now() > until) throw new Error('the service was not ready within a minute')
  }
  return service
}

/** `BENCH_NODE_ARGS=--cpu-prof` profiles the service under test. */
function extraArguments(): string[] {
  return process.env['BENCH_NODE_ARGS']?.split(' ').filter(Boolean) ?? []
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.ok,
    () => false,
  )
}

/** Resident memory of a process in MiB. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
}

/** Processor seconds a process has used so far. */
export async function processorSeconds(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
