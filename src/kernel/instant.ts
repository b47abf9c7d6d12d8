/** A moment in UTC. Rules take `now` as an argument of this type and never read a clock. */
export type Instant = Date

const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The moment that a text names as PostgreSQL and JSON write it (ISO 8601, with its zone). */
export function instantOf(text: string): Instant {
  return new Date(text)
}

/** The moment `milliseconds` after `start`. */
export function later(start: Instant, milliseconds: number): Instant {
  return new Date(start.getTime() + milliseconds)
}
