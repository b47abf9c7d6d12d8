import { access, constants, mkdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { findBinaries } from './binaries.js'
import { DATABASE, ensureCluster, isComplete, ROLE } from './cluster.js'
import { createLauncher } from './launcher.js'
import { findPostmaster, PORT, type Started, startPostmaster, stopPostmaster } from './postmaster.js'
import { type Connection, isNotReady, openSession, type Session, type Use } from './session.js'
import { removeSocketDirectory, socketDirectory } from './socket-directory.js'

export type EmbeddedPostgres = {
  /** For `postgres` and `pg` alike: a plain role that owns its database. */
  connection: Connection
  /** The same for clients that read libpq's URLs; `postgres` does not read sockets from URLs. */
  url: string
  /**
   * A server stops the database. A tool stops it when it is the last to use it. Anybody else leaves it running.
   * Gives up waiting after 5 s: PostgreSQL then finishes by itself.
   */
  stop(): Promise<void>
}

type Options = {
  /** Absolute; made when missing. */
  dataDir: string
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** A second server on the same directory is refused; a tool runs beside one. */
  as?: Use
  /** Told once when the database cannot come back, because its files were removed under it. */
  onGone?: (error: Error) => void
}

const POLL_MS = 10
/** How long a starting server may be shy of a client before it is called broken: crash recovery takes its time. */
const READY_WITHIN_MS = 300_000
/** Backends of a killed server need a moment to notice; until then a new one refuses to start. */
const ORPHANS_GONE_WITHIN_MS = 15_000
const STOP_WITHIN_MS = 5_000

/**
 * Starts PostgreSQL on `dataDir`, or adopts the one that still runs there after its owner was killed. A database that
 * dies while it is in use is started again; one whose files are gone by then is not made anew, since it would be empty
 * and nobody would notice.
 * @throws when another server uses the directory (the message names its process), when the directory belongs to
 * another user, or with the end of PostgreSQL's own log.
 */
export async function startEmbeddedPostgres({
  dataDir,
  log,
  as = 'server',
  onGone = () => {},
}: Options): Promise<EmbeddedPostgres> {
  const place = join(await usableDirectory(dataDir), 'postgres')
  // It may be a link to a larger disk; a running server is known by the real directory it works in.
  const clusterDir = await realpath(place).catch(() => place)
  const host = await socketDirectory(clusterDir)
  const connection: Connection = { host, port: PORT, database: DATABASE, user: ROLE }
  const use = new Keeper({ clusterDir, connection, as, log, onGone })
  await use.open()
  return {
    connection,
    url: `postgresql://${ROLE}@/${DATABASE}?host=${encodeURIComponent(host)}&port=${PORT}`,
    stop: () => use.stop(),
  }
}

async function usableDirectory(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return await realpath(dataDir)
  } catch (cause) {
    const owner = await stat(dataDir).then(
      ({ uid }) => `, which belongs to user ${uid},`,
      () => '',
    )
    const who = `user ${process.getuid?.() ?? ''}`
    throw new Error(`VESTIBULE_DATA_DIR: ${dataDir}${owner} cannot be used by ${who}; give another directory.`, {
      cause,
    })
  }
}

type Kept = Required<Pick<Options, 'as' | 'log' | 'onGone'>> & { clusterDir: string; connection: Connection }

/** The files of a database that was in use are not there any more. */
class FilesGone extends Error {}

/** Holds this process's claim on the database, and the database up while the claim lasts. */
class Keeper {
  readonly #clusterDir: string
  readonly #connection: Connection
  readonly #as: Use
  readonly #log: Options['log']
  readonly #onGone: (error: Error) => void
  #wasOpen = false
  #session: Session | undefined
  #stopping = false
  #reviving: Promise<void> | undefined

  constructor({ clusterDir, connection, as, log, onGone }: Kept) {
    this.#clusterDir = clusterDir
    this.#connection = connection
    this.#as = as
    this.#log = log
    this.#onGone = onGone
  }

  /** Attaches to a running server or starts one, and takes the claim. */
  async open(): Promise<void> {
    while (!this.#stopping) {
      const session = await this.#reach()
      const holder = await this.#claim(session)
      if (holder === undefined && session.isOpen()) {
        this.#session = session
        this.#wasOpen = true
        return
      }
      await session.close()
      // A tool holds the claim only while it stops the server it was the last to use.
      if (holder?.includes('server')) {
        const where = `${this.#clusterDir}; stop it or give another VESTIBULE_DATA_DIR`
        throw new Error(`Another Vestibule (${holder}) runs on ${where}.`)
      }
      await sleep(POLL_MS)
    }
  }

  async #claim(session: Session): Promise<string | undefined> {
    try {
      return await (this.#as === 'server' ? session.serve() : session.join())
    } catch (error) {
      // The server stopped between the connection and the claim.
      if (isNotReady(error)) return 'nobody'
      throw error
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#reviving
    const session = this.#session
    if (!session) return
    this.#session = undefined
    const pid = await findPostmaster(this.#clusterDir)
    const ours = this.#as === 'server' || (await session.isLast().catch(() => false))
    // The claim is given up last, so that whoever comes next finds a server that is stopping and not one to adopt.
    if (ours && pid !== undefined) {
      const gone = await stopPostmaster(pid, this.#clusterDir, STOP_WITHIN_MS)
      if (!gone) this.#log.warn({ pid }, 'PostgreSQL is still shutting down and will end by itself')
      await removeSocketDirectory(this.#connection.host, this.#clusterDir)
    }
    await session.close()
  }

  /** A session with the server of this directory, which is started when none runs. */
  async #reach(): Promise<Session> {
    const began = Date.now()
    let started: Started | undefined
    let failure: string | undefined
    for (;;) {
      if (this.#stopping) throw new Error('PostgreSQL was stopped while it was starting.')
      const session = await openSession(this.#connection, this.#as, () => this.#revive())
      if (session) return session
      const waited = Date.now() - began
      if (waited > READY_WITHIN_MS) throw new Error('PostgreSQL did not accept a connection within 5 minutes.')
      if ((await findPostmaster(this.#clusterDir)) === undefined && !started) {
        if (failure !== undefined && (!isRival(failure) || waited > ORPHANS_GONE_WITHIN_MS)) {
          throw new Error(`PostgreSQL did not start:\n${failure}`)
        }
        started = await this.#start()
        void started.ended.then((tail) => {
          failure = tail
          started = undefined
        })
      }
      await sleep(POLL_MS)
    }
  }

  async #start(): Promise<Started> {
    if (this.#wasOpen && !(await isComplete(this.#clusterDir))) {
      throw new FilesGone(`The database in ${this.#clusterDir} was removed while it was in use.`)
    }
    const binaries = await findBinaries(`${this.#clusterDir}-lib`)
    const launcher = await createLauncher(binaries, this.#clusterDir)
    await ensureCluster(this.#clusterDir, launcher, this.#log)
    this.#log.info({ dataDirectory: this.#clusterDir }, 'starting the embedded PostgreSQL')
    return startPostmaster(this.#clusterDir, launcher)
  }

  #revive(): void {
    // Without a session the claim is being taken right now, and whoever does that sees the loss.
    if (this.#stopping || !this.#session) return
    this.#session = undefined
    this.#log.warn('the connection to the embedded PostgreSQL was lost; it is started again if it is gone')
    this.#reviving = this.#openAgain().finally(() => {
      this.#reviving = undefined
    })
  }

  async #openAgain(): Promise<void> {
    for (let pauseMs = 100; !this.#stopping; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      try {
        await this.open()
        this.#log.info('the embedded PostgreSQL is back')
        return
      } catch (error) {
        if (this.#stopping) return
        if (error instanceof FilesGone) return this.#onGone(error)
        this.#log.error({ err: error }, 'the embedded PostgreSQL could not be started again')
        await sleep(pauseMs)
      }
    }
  }
}

/** The words of PostgreSQL when another server, or what is left of a killed one, still holds the directory. */
function isRival(log: string): boolean {
  return log.includes('pre-existing shared memory block') || log.includes('lock file "')
}
