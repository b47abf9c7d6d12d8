import { LANGUAGES, type Language } from './language.js'
import arApp from './messages/ar/app.js'
import arApprovals from './messages/ar/approvals.js'
import arLocal from './messages/ar/local-account.js'
import arMails from './messages/ar/mails.js'
import arMyApps from './messages/ar/my-apps.js'
import arPages from './messages/ar/pages.js'
import arSecondStep from './messages/ar/second-step.js'
import arSignUp from './messages/ar/sign-up.js'
import arUserFlow from './messages/ar/user-flow.js'
import deApp from './messages/de/app.js'
import deApprovals from './messages/de/approvals.js'
import deLocal from './messages/de/local-account.js'
import deMails from './messages/de/mails.js'
import deMyApps from './messages/de/my-apps.js'
import dePages from './messages/de/pages.js'
import deSecondStep from './messages/de/second-step.js'
import deSignUp from './messages/de/sign-up.js'
import deUserFlow from './messages/de/user-flow.js'
import enApp from './messages/en/app.js'
import enApprovals from './messages/en/approvals.js'
import enLocal from './messages/en/local-account.js'
import enMails from './messages/en/mails.js'
import enMyApps from './messages/en/my-apps.js'
import enPages from './messages/en/pages.js'
import enSecondStep from './messages/en/second-step.js'
import enSignUp from './messages/en/sign-up.js'
import enUserFlow from './messages/en/user-flow.js'
import esApp from './messages/es/app.js'
import esApprovals from './messages/es/approvals.js'
import esLocal from './messages/es/local-account.js'
import esMails from './messages/es/mails.js'
import esMyApps from './messages/es/my-apps.js'
import esPages from './messages/es/pages.js'
import esSecondStep from './messages/es/second-step.js'
import esSignUp from './messages/es/sign-up.js'
import esUserFlow from './messages/es/user-flow.js'
import frApp from './messages/fr/app.js'
import frApprovals from './messages/fr/approvals.js'
import frLocal from './messages/fr/local-account.js'
import frMails from './messages/fr/mails.js'
import frMyApps from './messages/fr/my-apps.js'
import frPages from './messages/fr/pages.js'
import frSecondStep from './messages/fr/second-step.js'
import frSignUp from './messages/fr/sign-up.js'
import frUserFlow from './messages/fr/user-flow.js'
import jaApp from './messages/ja/app.js'
import jaApprovals from './messages/ja/approvals.js'
import jaLocal from './messages/ja/local-account.js'
import jaMails from './messages/ja/mails.js'
import jaMyApps from './messages/ja/my-apps.js'
import jaPages from './messages/ja/pages.js'
import jaSecondStep from './messages/ja/second-step.js'
import jaSignUp from './messages/ja/sign-up.js'
import jaUserFlow from './messages/ja/user-flow.js'
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
export type MessageKey =
  | keyof typeof enPages
  | keyof typeof enSecondStep
  | keyof typeof enLocal
  | keyof typeof enMails
  | keyof typeof enApp
  | keyof typeof enMyApps
  | keyof typeof enUserFlow
  | keyof typeof enSignUp
  | keyof typeof enApprovals
export type Texts = TextsOf<MessageKey>
export type Catalogue = Readonly<Record<MessageKey, string>>

/** The messages as they are written, for tests. */
export const catalogues: Readonly<Record<Language, Catalogue>> = {
  en: {
    ...enPages,
    ...enSecondStep,
    ...enLocal,
    ...enMails,
    ...enApp,
    ...enMyApps,
    ...enUserFlow,
    ...enSignUp,
    ...enApprovals,
  },
  de: {
    ...dePages,
    ...deSecondStep,
    ...deLocal,
    ...deMails,
    ...deApp,
    ...deMyApps,
    ...deUserFlow,
    ...deSignUp,
    ...deApprovals,
  },
  fr: {
    ...frPages,
    ...frSecondStep,
    ...frLocal,
    ...frMails,
    ...frApp,
    ...frMyApps,
    ...frUserFlow,
    ...frSignUp,
    ...frApprovals,
  },
  es: {
    ...esPages,
    ...esSecondStep,
    ...esLocal,
    ...esMails,
    ...esApp,
    ...esMyApps,
    ...esUserFlow,
    ...esSignUp,
    ...esApprovals,
  },
  ja: {
    ...jaPages,
    ...jaSecondStep,
    ...jaLocal,
    ...jaMails,
    ...jaApp,
    ...jaMyApps,
    ...jaUserFlow,
    ...jaSignUp,
    ...jaApprovals,
  },
  ar: {
    ...arPages,
    ...arSecondStep,
    ...arLocal,
    ...arMails,
    ...arApp,
    ...arMyApps,
    ...arUserFlow,
    ...arSignUp,
    ...arApprovals,
  },
}

const texts = new Map<Language, Texts>(LANGUAGES.map(({ code }) => [code, createTexts(code, catalogues[code])]))

/** The texts of a language. Always the same object for the same language. */
export function textsIn(language: Language): Texts {
  const found = texts.get(language)
  if (!found) throw new Error(`there are no texts in ${language}`)
  return found
}
