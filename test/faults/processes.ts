import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'
import { programOf } from '../support/program.js'
import { TEST_SECRET, type TestService } from '../support/service.js'
import { until } from '../support/until.js'

const root = join(import.meta.dirname, '../..')

/** One process of the service as it is deployed. */
export type Running = {
  /** kill -9; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM, after which a process drains. */
  stop(): void
  /** What it logged, for a test that failed. */
  log(): string
  /** With which code it ended by itself. */
  ended: Promise<number | null>
}

/** Starts `main.ts` with this environment and waits until it says that it runs. Killed when `t` ends. */
export async function startProcess(t: Test, env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, programOf('src/main.ts'), {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk))
  t.teardown(() => end(child))
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`the process ended:\n${log}`)
    return log.includes('Vestibule is running')
  }, `the process runs:\n${log}`)
  return { kill: () => end(child), stop: () => child.kill('SIGTERM'), log: () => log, ended }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** The environment of a process that shares database, secret and public URL with `service`. */
export async function environmentOf(t: Test, service: TestService): Promise<Record<string, string>> {
  return {
    DATABASE_URL: await databaseUrl(t, service),
    VESTIBULE_SECRET: TEST_SECRET,
    VESTIBULE_PUBLIC_URL: service.baseUrl,
    ...(service.services.config.redisUrl && { REDIS_URL: service.services.config.redisUrl }),
  }
}

/** A URL for the database of a service, which listens on a socket only: a TCP port here leads to it. */
async function databaseUrl(t: Test, { connection }: TestService): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((inward) => {
    const onward = connect(`${connection.host}/.s.PGSQL.${connection.port}`)
    for (const socket of [inward, onward]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        inward.destroy()
        onward.destroy()
      })
    }
    inward.pipe(onward).pipe(inward)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return `postgresql://${connection.user}@127.0.0.1:${port}/${connection.database}`
}

/** A port that nobody listens on, for a process that has to come back where it was. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((done) => server.close(() => done()))
  return port
}
