import type { Instant } from '../kernel/instant.js'

/** How many credentials one application may hold: bounds the work of checking a secret. */
export const MOST_CREDENTIALS = 20

/** When a credential may be used: from `start`, until before `end` (never ends when null). Milliseconds since 1970. */
export type Period = { start: number; end: number | null }

/** Whether a credential may be used at `now`. */
export function isLive(period: Period, now: Instant): boolean {
  const ms = now.getTime()
  return period.start <= ms && (period.end === null || ms < period.end)
}

/** The next value of `tokensValidFrom`: `now`, but always later than the last one, so that two withdrawals differ. */
export function raised(last: Instant | null, now: Instant): number {
  return last === null ? now.getTime() : Math.max(now.getTime(), last.getTime() + 1)
}

/** What of `inToken` is still granted: a permission that was taken away counts at once, a new one with the next token. */
export function stillGranted(inToken: readonly string[], granted: readonly string[]): Set<string> {
  const current = new Set(granted)
  return new Set(inToken.filter((name) => current.has(name)))
}
