import { randomBytes } from 'node:crypto'
import { access, chown, lchown, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Logger } from 'pino'
import type { Launcher } from './launcher.js'
import { isAlive } from './postmaster.js'

/** The role the service works as, and its database. Nothing in the service needs the superuser `postgres`. */
export const ROLE = 'vestibule'
export const DATABASE = 'vestibule'

/** One statement a line, as single-user mode reads them. */
const FIRST_STATEMENTS = `
create role ${ROLE} login nosuperuser nobypassrls nocreatedb nocreaterole;
create database ${DATABASE} owner ${ROLE};
`

/**
 * Makes the database files unless they are there, and gives them to the user PostgreSQL runs as. New files are made
 * beside their place and moved there when complete, so an attempt that was cut off is never mistaken for a database.
 * Assumes that no server runs on `clusterDir`.
 */
export async function ensureCluster(clusterDir: string, launcher: Launcher, log: Pick<Logger, 'warn'>): Promise<void> {
  const present = await lstat(clusterDir).catch(() => undefined)
  if (present) {
    if (await isComplete(clusterDir)) return giveTo(launcher.owner, clusterDir)
    const aside = `${clusterDir}.incomplete-${Date.now()}`
    await rename(clusterDir, aside)
    log.warn({ aside }, 'the database directory was incomplete and has been moved aside')
  }
  await removeCutOffAttempts(clusterDir)
  await makeCluster(clusterDir, launcher)
}

/** Whether there is a database. pg_control is the last thing without which nobody can read the rest. */
export async function isComplete(clusterDir: string): Promise<boolean> {
  const needed = ['PG_VERSION', 'global/pg_control'].map((path) => access(join(clusterDir, path)))
  return Promise.all(needed).then(
    () => true,
    () => false,
  )
}

async function makeCluster(clusterDir: string, launcher: Launcher): Promise<void> {
  const attempt = `${attemptPrefix(clusterDir)}${process.pid}-${randomBytes(4).toString('hex')}`
  try {
    await initialize(attempt, launcher, 'C.UTF-8').catch((error: Error) => {
      if (!error.message.includes('invalid locale name')) throw error
      return initialize(attempt, launcher, 'C')
    })
    const options = ['-c', 'exit_on_error=on', '-c', 'log_checkpoints=off']
    await launcher.run(launcher.binaries.postgres, attempt, ['--single', ...options, 'postgres'], FIRST_STATEMENTS)
    await rename(attempt, clusterDir)
  } catch (error) {
    await rm(attempt, { recursive: true, force: true })
    // Another process that started at the same time was faster; its files are as good.
    if (!(await isComplete(clusterDir))) throw error
  }
}

async function initialize(dir: string, launcher: Launcher, locale: string): Promise<void> {
  await rm(dir, { recursive: true, force: true })
  await mkdir(dir, { mode: 0o700 })
  if (launcher.owner) await chown(dir, launcher.owner.uid, launcher.owner.gid)
  await launcher.run(launcher.binaries.initdb, dir, [
    '--username=postgres',
    '--encoding=UTF8',
    `--locale=${locale}`,
    '--data-checksums',
    '--auth-local=trust',
    '--auth-host=reject',
  ])
}

function attemptPrefix(clusterDir: string): string {
  return `${clusterDir}.new-`
}

async function removeCutOffAttempts(clusterDir: string): Promise<void> {
  const prefix = basename(attemptPrefix(clusterDir))
  for (const name of await readdir(dirname(clusterDir))) {
    if (!name.startsWith(prefix)) continue
    const maker = Number.parseInt(name.slice(prefix.length), 10)
    // Our own number on an attempt we did not make belongs to a predecessor in another container.
    if (maker === process.pid || !isAlive(maker)) {
      await rm(join(dirname(clusterDir), name), { recursive: true, force: true })
    }
  }
}

/** After a move, a restore or a change of user the files may belong to somebody else; only root can mend that. */
async function giveTo(owner: Launcher['owner'], clusterDir: string): Promise<void> {
  if (!owner || (await lstat(clusterDir)).uid === owner.uid) return
  for (const entry of await readdir(clusterDir, { recursive: true })) {
    await lchown(join(clusterDir, entry), owner.uid, owner.gid)
  }
  // Last, so that a chown cut off half-way is done again.
  await lchown(clusterDir, owner.uid, owner.gid)
}
