import { LANGUAGES, type Language, type MessageKey, textsIn } from '../../platform/i18n/index.js'
import { builtInAttribute } from '../attributes/rules.js'

const KEYS: Readonly<Record<string, MessageKey>> = {
  city: 'attribute.city',
  country: 'attribute.country',
  displayName: 'attribute.displayName',
  givenName: 'attribute.givenName',
  jobTitle: 'attribute.jobTitle',
  postalCode: 'attribute.postalCode',
  state: 'attribute.state',
  streetAddress: 'attribute.streetAddress',
  surname: 'attribute.surname',
}

/** What people read of a built-in attribute; undefined for a custom one. */
export function nameOfBuiltIn(attributeId: string, language: Language): string | undefined {
  const key = KEYS[builtInAttribute(attributeId)?.id ?? '']
  return key && textsIn(language).say(key)
}

/** The same in every language, as texts of a page: `city/DisplayName`. */
export function namesOfBuiltIn(attributeIds: readonly string[]): Record<Language, Record<string, string>> {
  const names = LANGUAGES.map(({ code }) => {
    const own = attributeIds.flatMap((id) => {
      const name = nameOfBuiltIn(id, code)
      return name === undefined ? [] : [[`${id}/DisplayName`, name]]
    })
    return [code, Object.fromEntries(own)]
  })
  return Object.fromEntries(names)
}
