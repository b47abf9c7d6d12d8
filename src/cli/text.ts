/** Text of other people, fit for a terminal: without control characters and what turns the direction of writing. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, ' ')
}

/** `2026-08-01 09:30Z` of an instant as the API writes it; a dash for none. */
export function shortDateTime(text: string | null | undefined): string {
  return text ? `${text.slice(0, 16).replace('T', ' ')}Z` : '-'
}

/** Lines of a name and a value, aligned. Values that are undefined are left out. */
export function facts(rows: readonly (readonly [string, string | undefined])[]): string {
  const shown = rows.filter(([, value]) => value !== undefined)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `  ${name.padEnd(width)}  ${printable(value ?? '')}\n`).join('')
}

/** Names one after another, in indented lines that a terminal of 100 columns shows whole. */
export function inLines(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const joined = `${lines.at(-1) ?? ''}, ${name}`
    if (lines.length > 0 && joined.length <= 97) lines[lines.length - 1] = joined
    else lines.push(name)
  }
  return `  ${lines.join(',\n  ')}`
}

/** A document for programs. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `90s`, `10m`, `2h`, `1d`, or of a number of seconds; undefined when it is none of them. */
export function readDuration(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d{1,6})([smhd]?)$/.exec(text.trim()) ?? []
  return amount === undefined ? undefined : Number(amount) * (UNITS[unit || 's'] ?? 1_000)
}
