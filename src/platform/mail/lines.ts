import type { ComponentChildren } from 'preact'
import type { MessageKey, Texts } from '../i18n/index.js'
import { isolated } from './names.js'

/** An address, host or time put into a sentence: it reads left to right in every language. */
export type LeftToRight = { leftToRight: string }

/** One sentence of a mail. The HTML and the text part say it from the same words, so they cannot differ. */
export type Line = { key: MessageKey; values: Readonly<Record<string, string | number | LeftToRight>> }

/** A sentence of the catalogue with its values. */
export function line(key: MessageKey, values: Line['values'] = {}): Line {
  return { key, values }
}

/** The sentences in a row as plain text. Absent ones are left out. */
export function textOf(texts: Texts, ...lines: (Line | undefined)[]): string {
  // A right-to-left paragraph keeps left-to-right names in place by itself; the reverse needs isolating.
  const keep = texts.direction === 'ltr' ? isolated : (text: string) => text
  const sentences = lines.map((each) => {
    if (!each) return undefined
    return texts.say(
      each.key,
      mapped(each.values, (value) =>
        typeof value === 'object' ? value.leftToRight : typeof value === 'string' ? keep(value) : value,
      ),
    )
  })
  return [texts.join(...sentences)].flat(2).join('')
}

/** The sentences in a row for HTML, each name kept from reordering what stands around it. */
export function nodesOf(texts: Texts, ...lines: (Line | undefined)[]): ComponentChildren {
  const sentences = lines.map((each) => {
    if (!each) return undefined
    return texts.rich(
      each.key,
      mapped(each.values, (value) => (typeof value === 'object' ? texts.ltr(value.leftToRight) : value)),
    )
  })
  return sentences.length === 1 ? sentences[0] : texts.join(...sentences)
}

function mapped<T>(values: Line['values'], each: (value: string | number | LeftToRight) => T): Record<string, T> {
  const result: Record<string, T> = {}
  for (const name in values) {
    const value = values[name]
    if (value !== undefined) result[name] = each(value)
  }
  return result
}
