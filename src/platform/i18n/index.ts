import { LANGUAGES, type Language } from './language.js'
import arApp from './messages/ar/app.js'
import arMails from './messages/ar/mails.js'
import arPages from './messages/ar/pages.js'
import deApp from './messages/de/app.js'
import deMails from './messages/de/mails.js'
import dePages from './messages/de/pages.js'
import enApp from './messages/en/app.js'
import enMails from './messages/en/mails.js'
import enPages from './messages/en/pages.js'
import esApp from './messages/es/app.js'
import esMails from './messages/es/mails.js'
import esPages from './messages/es/pages.js'
import frApp from './messages/fr/app.js'
import frMails from './messages/fr/mails.js'
import frPages from './messages/fr/pages.js'
import jaApp from './messages/ja/app.js'
import jaMails from './messages/ja/mails.js'
import jaPages from './messages/ja/pages.js'
import { createTexts, type Texts as TextsOf } from './texts.js'

export {
  isLanguage,
  LANGUAGES,
  type Language,
  type LanguageWishes,
  matchLanguage,
  negotiateLanguage,
} from './language.js'
export type { RichValues } from './message.js'
export { showable } from './texts.js'

/** Every message there is; the English catalogue decides. */
export type MessageKey = keyof typeof enPages | keyof typeof enMails | keyof typeof enApp
export type Texts = TextsOf<MessageKey>
export type Catalogue = Readonly<Record<MessageKey, string>>

/** The messages as they are written, for tests. */
export const catalogues: Readonly<Record<Language, Catalogue>> = {
  en: { ...enPages, ...enMails, ...enApp },
  de: { ...dePages, ...deMails, ...deApp },
  fr: { ...frPages, ...frMails, ...frApp },
  es: { ...esPages, ...esMails, ...esApp },
  ja: { ...jaPages, ...jaMails, ...jaApp },
  ar: { ...arPages, ...arMails, ...arApp },
}

const texts = new Map<Language, Texts>(LANGUAGES.map(({ code }) => [code, createTexts(code, catalogues[code])]))

/** The texts of a language. Always the same object for the same language. */
export function textsIn(language: Language): Texts {
  const found = texts.get(language)
  if (!found) throw new Error(`there are no texts in ${language}`)
  return found
}
