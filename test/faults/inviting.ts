import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** What became of a caller who did not give up. */
export type Persistent = {
  /** Invitation ids that were answered 201, by address. */
  created: Map<string, string>
  /** Requests that were cut off or answered with an error that passes. */
  failures: () => number
  done: Promise<void>
}

const AT_ONCE = 16

/**
 * Invites every address as a careful client does: with a key of its own that is kept when the request has to be sent
 * again. `to` names the service anew each time, since a restart may move it.
 * @throws for an answer that is neither 201 nor one that passes.
 */
export function inviteWithPatience(addresses: string[], to: () => { url: string; token: string }): Persistent {
  const created = new Map<string, string>()
  const waiting = [...addresses]
  let failures = 0
  const work = async () => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      const key = randomUUID()
      for (;;) {
        const id = await invite(address, key, to()).catch((error: unknown) => {
          if (error instanceof Refused) throw error
          return undefined
        })
        if (id !== undefined) {
          created.set(address, id)
          break
        }
        failures += 1
        await sleep(100)
      }
    }
  }
  return { created, failures: () => failures, done: Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => {}) }
}

/** The service understood the request and said no: that is no fault to sit out. */
class Refused extends Error {}

async function invite(address: string, key: string, { url, token }: { url: string; token: string }) {
  const response = await fetch(`${url}/v1.0/invitations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({
      invitedUserEmailAddress: address,
      inviteRedirectUrl: 'https://app.example/welcome',
      sendInvitationMessage: true,
    }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  if (response.status === 503) return undefined
  if (response.status !== 201) throw new Refused(`${response.status}: ${text}`)
  return JSON.parse(text).id as string
}
