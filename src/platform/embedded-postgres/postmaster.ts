import { closeSync, openSync } from 'node:fs'
import { chmod, readFile, readlink, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Launcher } from './launcher.js'

/** Only the name of the socket: no TCP port is opened. */
export const PORT = 5432

const PID_FILE = 'postmaster.pid'
const POLL_MS = 10
const LOG_LIMIT_BYTES = 4 * 1024 * 1024

/** The server is reached only through a socket in its own directory, which nobody else may enter. */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_directories: '.',
  unix_socket_permissions: '0700',
  port: String(PORT),
  max_connections: '200',
  shared_buffers: '128MB',
  checkpoint_timeout: '15min',
  // Compiling a plan costs more than the short statements of this service take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  // Statements and details hold addresses and other values of people.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** A PostgreSQL server process this process has started. */
export type Started = {
  /** Settles when the process is gone, with what it last wrote to its log. */
  ended: Promise<string>
}

/** The process id of the server that runs on `clusterDir`, ready or not. */
export async function findPostmaster(clusterDir: string): Promise<number | undefined> {
  const pid = await readPid(join(clusterDir, PID_FILE))
  return pid !== undefined && (await isPostmasterOf(pid, clusterDir)) ? pid : undefined
}

/** Starts a server. Another one on the same directory makes it end at once: PostgreSQL guards that itself. */
export async function startPostmaster(clusterDir: string, launcher: Launcher): Promise<Started> {
  await removeStaleLocks(clusterDir)
  const logFile = join(dirname(clusterDir), 'postgres.log')
  const size = await stat(logFile).then(
    (found) => found.size,
    () => 0,
  )
  const log = openSync(logFile, size > LOG_LIMIT_BYTES ? 'w' : 'a', 0o600)
  await chmod(logFile, 0o600)
  try {
    const args = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = launcher.start(launcher.binaries.postgres, clusterDir, args, log)
    child.unref()
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
    return { ended: ended.then(() => readTail(logFile, size > LOG_LIMIT_BYTES ? 0 : size)) }
  } finally {
    closeSync(log)
  }
}

/**
 * Fast shutdown: open transactions are rolled back, a checkpoint is written. Waits at most `waitMs`; a server that
 * needs longer ends by itself.
 * @returns whether it is gone.
 */
export async function stopPostmaster(pid: number, clusterDir: string, waitMs: number): Promise<boolean> {
  if (!(await isPostmasterOf(pid, clusterDir))) return true
  process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < waitMs; waited += POLL_MS) {
    if (!(await isPostmasterOf(pid, clusterDir))) return true
    await sleep(POLL_MS)
  }
  return false
}

/** Whether a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A server works inside its directory; a number alone may by now belong to any other process. */
async function isPostmasterOf(pid: number, clusterDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  return readlink(`/proc/${pid}/cwd`).then(
    (cwd) => cwd === clusterDir,
    // A process of another user hides its directory; one that has just ended has none.
    (error: NodeJS.ErrnoException) => error.code === 'EACCES',
  )
}

/**
 * The server itself would take any living process with the recorded number for a rival and refuse to start. It judges
 * the files of a dead one better than we could: by the shared memory that orphaned backends may still hold.
 */
async function removeStaleLocks(clusterDir: string): Promise<void> {
  for (const file of [PID_FILE, `.s.PGSQL.${PORT}.lock`]) {
    const pid = await readPid(join(clusterDir, file))
    if (pid === undefined || !isAlive(pid) || (await isPostmasterOf(pid, clusterDir))) continue
    await rm(join(clusterDir, file), { force: true })
  }
}

/** Both lock files begin with a line that holds the server's process id. */
async function readPid(lockFile: string): Promise<number | undefined> {
  const text = await readFile(lockFile, 'utf8').catch(() => '')
  const pid = Number.parseInt(text, 10)
  return pid > 0 ? pid : undefined
}

async function readTail(logFile: string, from: number): Promise<string> {
  const bytes = await readFile(logFile).catch(() => Buffer.alloc(0))
  return bytes
    .subarray(Math.max(from, bytes.length - 2000))
    .toString('utf8')
    .trim()
}
