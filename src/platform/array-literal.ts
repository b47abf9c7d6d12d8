/**
 * The text of a one-dimensional PostgreSQL array, to be bound where the statement says its type (PostgreSQL manual,
 * 8.15.6). Null when no element has a value: `unnest` fills up with nulls, and a null costs nothing to send.
 */
export function arrayLiteral(values: readonly (string | null | undefined)[]): string | null {
  let hasValue = false
  let text = ''
  for (const value of values) {
    if (text !== '') text += ','
    if (value === null || value === undefined) text += 'NULL'
    else {
      hasValue = true
      text += `"${SPECIAL.test(value) ? value.replace(/["\\]/g, '\\$&') : value}"`
    }
  }
  return hasValue ? `{${text}}` : null
}

const SPECIAL = /["\\]/
