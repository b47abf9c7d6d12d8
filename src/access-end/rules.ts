import { DAY_MS, type Instant, later } from '../kernel/instant.js'

/** When mails go out: `days` before the end, and at most `lateDays` later than that, if nothing ran meanwhile. */
export const MARKS = [
  { days: 14, lateDays: 3 },
  { days: 1, lateDays: 1 },
] as const

/** The ends that a mark is about at `now`: later than `after`, not later than `until`. */
export function spanOf({ days, lateDays }: (typeof MARKS)[number], now: Instant): { after: Instant; until: Instant } {
  return { after: later(now, (days - lateDays) * DAY_MS), until: later(now, days * DAY_MS) }
}

/** Until when an extension made at `now` lasts; undefined when it would give nothing, or sponsors cannot extend. */
export function extendedEnd(end: Instant | null, extensionDays: number | null, now: Instant): Instant | undefined {
  if (end === null || extensionDays === null) return undefined
  const extended = later(now, extensionDays * DAY_MS)
  return extended > end ? extended : undefined
}
