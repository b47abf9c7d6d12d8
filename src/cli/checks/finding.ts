/** One line of the doctor: what was looked at, how it is, and what to do about it. */
export type Finding = { check: string; outcome: 'ok' | 'warn' | 'fail'; message: string; mend?: string }

/** It is as it should be. */
export function ok(check: string, message: string): Finding {
  return { check, outcome: 'ok', message }
}

/** It works, but not as it should. */
export function warn(check: string, message: string, mend: string): Finding {
  return { check, outcome: 'warn', message, mend }
}

/** The service cannot do its work like this. */
export function fail(check: string, message: string, mend: string): Finding {
  return { check, outcome: 'fail', message, mend }
}

/** The first line of what went wrong. Libraries put reasons into causes and lists of errors. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  const text =
    error instanceof Error ? error.message || String('code' in error ? error.code : error.name) : String(error)
  return text.split('\n')[0] ?? text
}
