import { type Formatters, IntlMessageFormat } from 'intl-messageformat'
import type { ComponentChildren } from 'preact'

export type PlainValues = Readonly<Record<string, string | number>>
/** Draws what stands between `<name>` and `</name>` of a message. */
export type Tag = (content: ComponentChildren) => ComponentChildren
export type RichValues = Readonly<Record<string, ComponentChildren | Tag>>

/** A message of one language, parsed once. */
export type CompiledMessage = {
  /** The text, when there is nothing to fill in. */
  fixed: string | undefined
  /** Names that stand for themselves (`{name}`), as opposed to those that choose a wording. */
  shown: ReadonlySet<string>
  plain(values: PlainValues): string
  rich(values: RichValues): ComponentChildren
}

type Element = ReturnType<IntlMessageFormat['getAst']>[number]
type Piece = string | { name: string }

// `TYPE` of the ICU parser, which is a dependency of the formatter and not of ours.
const LITERAL = 0
const ARGUMENT = 1
const TAG = 8

/**
 * Parses one ICU message. Messages of literals and plain names, which most are, are filled in here: the formatter
 * takes several times as long and pages are made of dozens of them.
 *
 * @throws SyntaxError when the message is not well-formed.
 */
export function compileMessage(text: string, locale: string): CompiledMessage {
  if (!/[{<']/.test(text)) return fixedMessage(text)
  const formatter = new IntlMessageFormat(text, locale, undefined, { formatters: formattersOf(locale) })
  const elements = formatter.getAst()
  const shown = new Set<string>()
  collectShown(elements, shown)
  const pieces = asPieces(elements)
  if (pieces) return filledMessage(pieces, shown, text)
  return {
    fixed: undefined,
    shown,
    plain: (values) => String(formatter.format(values)),
    // The formatter's types know no read-only values and no children that are lists; it passes both through.
    rich: (values) => formatter.format<ComponentChildren>(values as Record<string, ComponentChildren>),
  }
}

const formatters = new Map<string, Formatters>()

/** The formatter's own cache looks its tools up by their options in JSON each time; ours has one of each per locale.
 *  Messages hold plain numbers only: no currencies, units or skeletons. */
function formattersOf(locale: string): Formatters {
  const known = formatters.get(locale)
  if (known) return known
  const numbers = new Intl.NumberFormat(locale)
  const cardinal = new Intl.PluralRules(locale)
  const made: Formatters = {
    getNumberFormat: () => numbers,
    getPluralRules: (_, options) => (options?.type === 'ordinal' ? new Intl.PluralRules(locale, options) : cardinal),
    getDateTimeFormat: (_, options) => new Intl.DateTimeFormat(locale, options),
  }
  formatters.set(locale, made)
  return made
}

function fixedMessage(text: string): CompiledMessage {
  return { fixed: text, shown: new Set(), plain: () => text, rich: () => text }
}

function filledMessage(pieces: Piece[], shown: ReadonlySet<string>, text: string): CompiledMessage {
  const fill = <Value>(values: Readonly<Record<string, Value>>, piece: Piece): string | Value => {
    if (typeof piece === 'string') return piece
    const value = values[piece.name]
    if (value === undefined) throw new Error(`the message "${text}" needs a value for ${piece.name}`)
    return value
  }
  return {
    fixed: undefined,
    shown,
    plain(values) {
      let filled = ''
      for (const piece of pieces) filled += fill(values, piece)
      return filled
    },
    // A function in a plain place would be a mistake of ours, and Preact draws nothing for it.
    rich: (values) => pieces.map((piece) => fill(values, piece) as ComponentChildren),
  }
}

/** The message as literals and names, or undefined when it holds anything else. */
function asPieces(elements: Element[]): Piece[] | undefined {
  const pieces: Piece[] = []
  for (const element of elements) {
    if (element.type === LITERAL) pieces.push(element.value)
    else if (element.type === ARGUMENT) pieces.push({ name: element.value })
    else return undefined
  }
  return pieces
}

function collectShown(elements: Element[], shown: Set<string>): void {
  for (const element of elements) {
    if (element.type === ARGUMENT) shown.add(element.value)
    else if (element.type === TAG) collectShown(element.children, shown)
    else if ('options' in element)
      for (const option of Object.values(element.options)) collectShown(option.value, shown)
  }
}
