import { type ComponentChildren, h } from 'preact'
import type { Instant } from '../../kernel/instant.js'
import { type Direction, directionOf, type Language } from './language.js'
import { type CompiledMessage, compileMessage, type PlainValues, type RichValues, type Tag } from './message.js'

/** The words of one language, ready to be filled in. `Key` is the set of messages there are. */
export type Texts<Key extends string = string> = {
  readonly language: Language
  readonly direction: Direction
  /** A message as a plain string: for titles, attributes and mails in plain text. */
  say(key: Key, values?: PlainValues): string
  /**
   * A message as children of an element. Strings are isolated as `isolate` does; `<name>...</name>` in the message is
   * drawn by the function of that name. `b`, `bdi` and `hide` (for screen readers only) are always there.
   */
  rich(key: Key, values?: RichValues): ComponentChildren
  /** `20 December 2026`, in UTC. */
  date(instant: Instant): string
  /** `10:47 UTC`. */
  time(instant: Instant): string
  /** `20 December 2026 at 10:47 UTC`. */
  dateTime(instant: Instant): string
  /** Whole days that remain; 0 reads as less than a day. */
  daysLeft(days: number): string
  /** Sentences in a row, with the space this language puts between them. Absent ones are left out. */
  join(...sentences: ComponentChildren[]): ComponentChildren
  /** A name that may be written in another direction than the page, kept from reordering what stands around it. */
  isolate(text: string): ComponentChildren
  /** An address, host or code: always left to right. */
  ltr(text: string): ComponentChildren
}

// English dates as most of the world writes them, and digits 0 to 9 in Arabic too, as in addresses and codes.
const LOCALES: Record<Language, string> = {
  en: 'en-GB',
  de: 'de',
  fr: 'fr',
  es: 'es',
  ja: 'ja',
  ar: 'ar-u-nu-latn',
}

const CLOCK = {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
  timeZoneName: 'short',
} as const
const DAY = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const

const DAYS_LEFT = 'time.days-left'

/** Characters of right-to-left scripts: Hebrew to Arabic Extended-A, presentation forms, and the planes beyond. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/
const UNSHOWABLE_ALL = new RegExp(UNSHOWABLE, 'g')

const TAGS: Record<string, Tag> = {
  b: (content) => h('b', null, content),
  bdi: (content) => h('bdi', null, content),
  hide: (content) => h('span', { class: 'hide' }, content),
}

/** Builds the texts of one language over its messages. Messages are parsed when they are first needed. */
export function createTexts<Key extends string>(
  language: Language,
  messages: Readonly<Record<Key | typeof DAYS_LEFT, string>>,
): Texts<Key> {
  const locale = LOCALES[language]
  const direction = directionOf(language)
  const dates = new Intl.DateTimeFormat(locale, DAY)
  const times = new Intl.DateTimeFormat(locale, CLOCK)
  const moments = new Intl.DateTimeFormat(locale, { ...DAY, ...CLOCK })
  const space = language === 'ja' ? '' : ' '
  const compiled = new Map<string, CompiledMessage>()

  const find = (key: Key | typeof DAYS_LEFT): CompiledMessage => {
    const known = compiled.get(key)
    if (known) return known
    const message = compileMessage(messages[key], locale)
    compiled.set(key, message)
    return message
  }
  const isolate = (text: string): ComponentChildren => {
    const shown = showable(text)
    return direction === 'rtl' || RIGHT_TO_LEFT.test(shown) ? h('bdi', null, shown) : shown
  }

  return {
    language,
    direction,
    say(key, values) {
      const message = find(key)
      return message.fixed ?? message.plain(values ? showableValues(values) : {})
    },
    rich(key, values) {
      const message = find(key)
      return message.fixed ?? message.rich(isolatedValues(values ?? {}, message.shown, isolate))
    },
    date: (instant) => dates.format(instant),
    time: (instant) => times.format(instant),
    dateTime: (instant) => moments.format(instant),
    daysLeft: (days) => find(DAYS_LEFT).plain({ days }),
    join: (...sentences) => joined(sentences, space),
    isolate,
    ltr: (text) => {
      const shown = showable(text)
      return direction === 'rtl' || RIGHT_TO_LEFT.test(shown) ? h('bdi', { dir: 'ltr' }, shown) : shown
    },
  }
}

/**
 * A name without line breaks, other control characters and bidirectional overrides (U+202A to U+202E), which could
 * make the text around it read as something else.
 */
export function showable(text: string): string {
  return UNSHOWABLE.test(text) ? text.replace(UNSHOWABLE_ALL, ' ').trim() : text
}

function showableValues(values: PlainValues): PlainValues {
  const shown: Record<string, string | number> = {}
  for (const name in values) {
    const value = values[name]
    if (value !== undefined) shown[name] = typeof value === 'string' ? showable(value) : value
  }
  return shown
}

function isolatedValues(
  values: RichValues,
  shown: ReadonlySet<string>,
  isolate: (text: string) => ComponentChildren,
): RichValues {
  const isolated: Record<string, ComponentChildren | Tag> = { ...TAGS }
  for (const name in values) {
    const value = values[name]
    isolated[name] = typeof value === 'string' && shown.has(name) ? isolate(value) : value
  }
  return isolated
}

function joined(sentences: ComponentChildren[], space: string): ComponentChildren {
  const row: ComponentChildren[] = []
  for (const sentence of sentences) {
    if (sentence === undefined || sentence === null || sentence === false || sentence === '') continue
    if (row.length > 0) row.push(space)
    row.push(sentence)
  }
  return row
}
