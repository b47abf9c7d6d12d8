import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { Binaries } from './binaries.js'

/** How PostgreSQL's programs are started, and who owns its files. */
export type Launcher = {
  binaries: Binaries
  /** Undefined: whoever runs this process, which is not root. */
  owner: { uid: number; gid: number } | undefined
  /** Runs a program on a cluster directory to its end, feeding it `input`. @throws with its output when it fails. */
  run(program: string, clusterDir: string, args: string[], input?: string): Promise<void>
  /** Starts a program that outlives this process; its output goes to the descriptor `log`. */
  start(program: string, clusterDir: string, args: string[], log: number): ChildProcess
}

/** How a command line becomes one of another user. */
type Disguise = {
  owner: Launcher['owner']
  prefix: string[]
  options: { uid?: number; gid?: number }
  /** The program cannot walk the path to its own directory, so it is handed an open one. */
  byDescriptor: boolean
}

/** `nobody` on every Linux; initdb wants a user that has a name. */
const NOBODY = 65534
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const HANDED_DIRECTORY = '/proc/self/fd/3'

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it directly. Root runs it as the owner of the existing
 * files, else as nobody; where such a user cannot reach the programs (a checkout in a 0700 home), in a user
 * namespace in which root goes by another number.
 * @throws when none of these works, with what to do.
 */
export async function createLauncher(binaries: Binaries, clusterDir: string): Promise<Launcher> {
  if (process.getuid?.() !== 0) {
    return launcher(binaries, { owner: undefined, prefix: [], options: {}, byDescriptor: false })
  }
  const failures: string[] = []
  for (const disguise of await disguises(clusterDir)) {
    const candidate = launcher(binaries, disguise)
    const failure = await candidate.run(binaries.postgres, '/', ['--version']).then(
      () => undefined,
      (error: Error) => error.message,
    )
    if (failure === undefined) return candidate
    failures.push(failure)
  }
  const advice = 'Run as an ordinary user, put the installation where every user can read it, or give DATABASE_URL.'
  throw new Error(
    `PostgreSQL does not run as root and could not be started as another user. ${advice}\n${failures.join('\n')}`,
  )
}

async function disguises(clusterDir: string): Promise<Disguise[]> {
  const existing = await lstat(clusterDir).catch(() => undefined)
  const owner = existing && existing.uid !== 0 ? { uid: existing.uid, gid: existing.gid } : { uid: NOBODY, gid: NOBODY }
  const namespace = ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`]
  return [
    { owner, prefix: [], options: owner, byDescriptor: process.platform === 'linux' },
    { owner: { uid: 0, gid: 0 }, prefix: namespace, options: {}, byDescriptor: false },
  ]
}

function launcher(binaries: Binaries, disguise: Disguise): Launcher {
  // The service's own environment holds secrets that are none of the database's business.
  const env = { PATH, LC_ALL: 'C', TZ: 'UTC', ...libraryPath(binaries) }
  const launch = (program: string, clusterDir: string, args: string[], stdio: ('ignore' | 'pipe' | number)[]) => {
    const [command = program, ...rest] = [...disguise.prefix, program, ...args]
    const directory = openSync(clusterDir, constants.O_RDONLY | constants.O_DIRECTORY)
    try {
      return spawn(command, rest, {
        cwd: '/',
        env: { ...env, PGDATA: disguise.byDescriptor ? HANDED_DIRECTORY : clusterDir },
        detached: true,
        ...disguise.options,
        stdio: [...stdio, directory],
      })
    } finally {
      closeSync(directory)
    }
  }
  return {
    binaries,
    owner: disguise.owner,
    start: (program, clusterDir, args, log) => launch(program, clusterDir, args, ['ignore', log, log]),
    run: (program, clusterDir, args, input) =>
      finish(launch(program, clusterDir, args, ['pipe', 'pipe', 'pipe']), input),
  }
}

function libraryPath({ libraryPath }: Binaries): Record<string, string> {
  if (libraryPath === undefined) return {}
  return { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: libraryPath }
}

async function finish(child: ChildProcess, input = ''): Promise<void> {
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  // A program that ends early closes its input; its exit code tells more than the broken pipe.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${output.trim().slice(-2000)}`)
}
