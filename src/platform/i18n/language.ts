/** The languages pages and mails are written in, with the names their speakers use. English is the fallback. */
export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
  { code: 'fr', name: 'Français' },
  { code: 'es', name: 'Español' },
  { code: 'ja', name: '日本語' },
  { code: 'ar', name: 'العربية' },
] as const

export type Language = (typeof LANGUAGES)[number]['code']
export type Direction = 'ltr' | 'rtl'

const CODES: ReadonlySet<string> = new Set(LANGUAGES.map((language) => language.code))
/** A header is client input: what lies beyond this many characters is not read. */
const HEADER_LIMIT = 512

/** Whether `text` is exactly one of our language codes. */
export function isLanguage(text: string): text is Language {
  return CODES.has(text)
}

/** Which way a language is written. */
export function directionOf(language: Language): Direction {
  return language === 'ar' ? 'rtl' : 'ltr'
}

/**
 * The language we have for a tag (BCP 47, `de-AT` or `de_AT`), by its primary subtag, or undefined when we have none.
 */
export function matchLanguage(tag: string): Language | undefined {
  const primary = (/^[A-Za-z]{2,3}(?=$|[-_])/.exec(tag)?.[0] ?? '').toLowerCase()
  return isLanguage(primary) ? primary : undefined
}

export type LanguageWishes = {
  /** `?lang=` of this request: what the person picks now. */
  query?: string | undefined
  /** What the person picked before. */
  cookie?: string | undefined
  /** The browser's `Accept-Language`. */
  acceptLanguage?: string | undefined
  /** What the inviter or the directory says about the person. */
  preferred?: string | undefined
}

/**
 * The language to answer in: what the person picked, then what their browser asks for, then what others say of them,
 * then English. A wish we cannot meet is passed over.
 */
export function negotiateLanguage(wishes: LanguageWishes): Language {
  return (
    (wishes.query && matchLanguage(wishes.query)) ||
    (wishes.cookie && matchLanguage(wishes.cookie)) ||
    (wishes.acceptLanguage && bestAccepted(wishes.acceptLanguage)) ||
    (wishes.preferred && matchLanguage(wishes.preferred)) ||
    'en'
  )
}

/** RFC 9110 section 12.5.4: the highest weight wins, the first of equals; weight 0 means "not this one". */
function bestAccepted(header: string): Language | undefined {
  let best: Language | undefined
  let bestWeight = 0
  for (const range of header.slice(0, HEADER_LIMIT).split(',')) {
    const [tag = '', ...parameters] = range.split(';')
    const language = matchLanguage(tag.trim())
    const weight = weightOf(parameters)
    if (language && weight > bestWeight) {
      best = language
      bestWeight = weight
    }
  }
  return best
}

function weightOf(parameters: string[]): number {
  for (const parameter of parameters) {
    const weight = /^\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i.exec(parameter)?.[1]
    if (weight !== undefined) return Number(weight)
  }
  return 1
}
