import type { Instant } from './instant.js'

/** What decides whether somebody who exists may act at all. */
export type Account = {
  accountEnabled: boolean
  /** Until when a guest was given access; null or undefined: until somebody ends it. */
  accessEndsAt?: Instant | null | undefined
}

/** `ended`: the account is on, and the time it was given is over. */
export type Standing = 'good' | 'disabled' | 'ended'

/**
 * Where an account stands at `now`. Asked at every use of a session or token, so nothing has to run for access to end;
 * `directory_may_act` says the same in SQL. The moment of the end is outside.
 */
export function standingOf({ accountEnabled, accessEndsAt }: Account, now: Instant): Standing {
  if (!accountEnabled) return 'disabled'
  return accessEndsAt && accessEndsAt <= now ? 'ended' : 'good'
}
