import { Refusal } from '../../kernel/refusal.js'

/** Refusal of a query option in the words of Graph's OData layer, whose code is `BadRequest`. */
export function badQuery(code: string, message: string, target: string): Refusal {
  return new Refusal('invalid', code, message, { target, graphCode: 'BadRequest' })
}

/** Refusal in the words of Graph's directory, for a query it understands and does not support. */
export function unsupportedQuery(code: string, message: string, target: string): Refusal {
  return new Refusal('invalid', code, message, { target, graphCode: 'Request_UnsupportedQuery' })
}

/** Graph's refusal of a name that the type does not have. */
export function unknownProperty(name: string, type: string, target: string): Refusal {
  return badQuery('unknownProperty', `Could not find a property named '${shown(name)}' on type '${type}'.`, target)
}

/** A piece of a caller's text that is fit to be shown. */
export function shown(text: string): string {
  return text.slice(0, 64).toWellFormed()
}

export type Part = { text: string /** Where it starts in the whole. */; position: number }

/** Splits at `separator` outside parentheses and single quotes, in one pass; undefined when they do not pair. */
export function splitOutside(text: string, separator: ',' | ';'): Part[] | undefined {
  const parts: Part[] = []
  let [start, depth, isQuoted] = [0, 0, false]
  for (let i = 0; i <= text.length; i++) {
    const character = text[i]
    if (character === "'") isQuoted = !isQuoted
    else if (character === '(' && !isQuoted) depth += 1
    else if (character === ')' && !isQuoted) depth -= 1
    else if (character === undefined || (character === separator && depth === 0 && !isQuoted)) {
      const raw = text.slice(start, i)
      const trimmed = raw.trim()
      if (trimmed !== '') parts.push({ text: trimmed, position: start + raw.length - raw.trimStart().length })
      start = i + 1
    }
    if (depth < 0) return undefined
  }
  return depth === 0 && !isQuoted ? parts : undefined
}
