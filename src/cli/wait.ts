import { setTimeout as sleep } from 'node:timers/promises'
import { ApiFailure, type Client, NoAnswer } from './client.js'
import { deliveryText, type Ending, endingOf, type Invitation } from './invitation.js'
import { printable } from './text.js'
import type { Io } from './verb.js'

export type Waited = { invitation: Invitation; ending: Ending | undefined }

const FIRST_POLLS_MS = 1_000
const LATER_POLLS_MS = 3_000
const FIRST_MINUTE_MS = 60_000

/**
 * Follows an invitation until it is accepted, declined, expired, revoked or bounced, for `timeoutMs` at most; the
 * ending is undefined when that passed. A service that is away for a moment is waited for.
 */
export async function waitForEnding(client: Client, first: Invitation, timeoutMs: number, io: Io): Promise<Waited> {
  const began = Date.now()
  const progress = createProgress(io)
  let invitation = first
  try {
    for (;;) {
      invitation = (await read(client, first.id)) ?? invitation
      progress.show(invitation, Date.now() - began)
      const ending = endingOf(invitation)
      const left = began + timeoutMs - Date.now()
      if (ending !== undefined || left <= 0) return { invitation, ending }
      const poll = Date.now() - began < FIRST_MINUTE_MS ? FIRST_POLLS_MS : LATER_POLLS_MS
      await sleep(Math.min(poll, left))
    }
  } finally {
    progress.end()
  }
}

/** Undefined when the service cannot answer right now. */
async function read(client: Client, id: string): Promise<Invitation | undefined> {
  try {
    return await client.get<Invitation>(`/invitations/${id}`)
  } catch (error) {
    const isPassing = error instanceof NoAnswer || (error instanceof ApiFailure && isPassingStatus(error.status))
    if (isPassing) return undefined
    throw error
  }
}

function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500
}

/** One line that is written over on a terminal; elsewhere a line for each thing that happens. */
function createProgress(io: Io): { show(invitation: Invitation, waitedMs: number): void; end(): void } {
  const clear = io.isTerminal ? '\r\x1b[K' : ''
  let told = 0
  return {
    show(invitation, waitedMs) {
      const news = (invitation.history ?? []).slice(told)
      told += news.length
      for (const { event, dateTime } of news) io.err(`${clear}${dateTime.slice(11, 19)}Z ${printable(event)}\n`)
      if (!io.isTerminal) return
      const seconds = Math.floor(waitedMs / 1_000)
      const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
      io.err(`${clear}Waiting ${clock}, mail ${printable(deliveryText(invitation))}. Ctrl+C stops waiting only.`)
    },
    end() {
      if (io.isTerminal) io.err(clear)
    },
  }
}
