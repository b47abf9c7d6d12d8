import pg from 'pg'
import type { Connection } from './database.js'
import type { Logger } from './log.js'

/** What hears of a `NOTIFY`. `payload` is undefined after a lost connection: anything may have been missed. */
export type Heard = (payload: string | undefined) => void

/** LISTEN on a connection of its own, with an honest answer to "would I hear it now?". */
export type Listener = {
  on(channel: string, heard: Heard): void
  /** False while notifications could be missed: caches must then read through. */
  isUp(): boolean
  close(): Promise<void>
}

const HEARTBEAT_MS = 1_000
const RECONNECT_MS = 250

/** Starts listening and keeps at it: a lost connection is made again, and everybody is told that they may have missed something. */
export function startListener(connection: Connection, log: Logger): Listener {
  const channels = new Map<string, Heard[]>()
  let client: pg.Client | undefined
  let up = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<unknown> = Promise.resolve()

  // One statement after another: what pg still queues by itself, its next version takes no more.
  const ask = (on: pg.Client, text: string) => {
    const answered = turn.then(() => on.query(text))
    turn = answered.catch(() => {})
    return answered
  }

  const lost = (from: pg.Client) => {
    if (client !== from) return
    client = undefined
    up = false
    from.removeAllListeners()
    from.on('error', () => {})
    from.end().catch(() => {})
    if (!closed) timer = setTimeout(open, RECONNECT_MS)
  }

  const beat = (on: pg.Client) => {
    const deadline = setTimeout(() => lost(on), HEARTBEAT_MS)
    ask(on, 'select 1').then(
      () => {
        clearTimeout(deadline)
        if (client === on) timer = setTimeout(() => beat(on), HEARTBEAT_MS)
      },
      () => {
        clearTimeout(deadline)
        lost(on)
      },
    )
  }

  const open = async () => {
    const next = new pg.Client({ ...pgOptions(connection), keepAlive: true })
    client = next
    turn = Promise.resolve()
    next.on('error', () => lost(next))
    next.on('end', () => lost(next))
    next.on('notification', ({ channel, payload }) => {
      for (const heard of channels.get(channel) ?? []) heard(payload)
    })
    try {
      await next.connect()
      for (const channel of channels.keys()) await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      log.warn({ err: error }, 'listening for changes failed, trying again')
      return lost(next)
    }
    if (client !== next) return
    up = true
    for (const heards of channels.values()) for (const heard of heards) heard(undefined)
    beat(next)
  }
  void open()

  return {
    on(channel, heard) {
      const existing = channels.get(channel)
      channels.set(channel, [...(existing ?? []), heard])
      if (existing || !client || !up) return
      const current = client
      ask(current, `listen ${pg.escapeIdentifier(channel)}`).catch(() => lost(current))
    },
    isUp: () => up,
    async close() {
      closed = true
      up = false
      clearTimeout(timer)
      const last = client
      client = undefined
      last?.removeAllListeners()
      last?.on('error', () => {})
      await last?.end().catch(() => {})
    },
  }
}

/** The same place in the words of `pg`, which BullMQ's PostgreSQL backend needs too. */
export function pgOptions(connection: Connection): pg.ClientConfig {
  const { applicationName, ssl, ...where } = connection
  // It marks the key as not to be listed, which frozen settings would not bear.
  return { ...where, application_name: applicationName, ssl: ssl ? { ...ssl } : false }
}
