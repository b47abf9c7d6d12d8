const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?(Z|[+-]\d{2}:\d{2})$/i
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/**
 * Reads Graph's DateTimeOffset (ISO 8601 with a zone, years 1 to 9998) into UTC with microseconds, in the form
 * `2026-01-31T10:00:00.000000Z`; further digits are cut off. Undefined when it is not one: a 30th of February, a
 * missing zone. A bare date is the start of that day in UTC.
 */
export function parseDateTime(text: string): string | undefined {
  const day = DATE.exec(text)
  if (day) return inUtc(`${text}T00:00:00Z`)
  return inUtc(text)
}

function inUtc(text: string): string | undefined {
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = ''] = DATE_TIME.exec(text) ?? []
  if (year === undefined || !isCalendarDay(Number(year), Number(month), Number(day))) return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const [offsetHours, offsetMinutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4, 6))]
  if (offsetHours > 14 || offsetMinutes > 59) return undefined
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone.toUpperCase()}`)
  const utc = new Date(ms).toISOString()
  // Beyond four digits of year ISO 8601 changes its form, and PostgreSQL has no year 0.
  if (utc.length !== 24 || utc.startsWith('0000') || utc.startsWith('9999')) return undefined
  return `${utc.slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
