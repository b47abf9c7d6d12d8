import { isLanguage, type Language } from '../../platform/i18n/index.js'
import type { FlowAttribute, UserFlow } from '../words.js'

/** Questions in the words of one language: the administrator's where they changed them, else as the attribute is called. */
export function wordsOf({ texts, choices }: Pick<UserFlow, 'texts' | 'choices'>, language: string) {
  const own = texts[language] ?? {}
  const lists = choices[language] ?? {}
  return {
    label: ({ attributeId, label }: FlowAttribute): string => own[`${attributeId}/DisplayName`] || label,
    /** An administrator takes it away by a text of no letters. */
    hint: ({ attributeId, hint }: FlowAttribute): string | undefined =>
      (own[`${attributeId}/UserHelpText`] ?? hint) || undefined,
    choice: ({ attributeId }: FlowAttribute, value: string, name: string): string =>
      lists[attributeId]?.[value] || name,
    /** A text of the page itself; undefined where ours stands. */
    page: (id: 'heading' | 'intro' | 'button_continue'): string | undefined => own[`/${id}`] || undefined,
  }
}

/** One of the languages that the flow has: the one wanted, else its default. */
export function languageOfFlow({ languages, defaultLanguage }: UserFlow, wanted: Language): Language {
  if (languages.includes(wanted)) return wanted
  return isLanguage(defaultLanguage) ? defaultLanguage : wanted
}
