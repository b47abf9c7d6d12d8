/** Graph: one text of a page. It counts only where `Override` is true. */
export type LocalizedString = {
  ElementType: string
  ElementId: string | null
  StringId: string | null
  Override: boolean
  Value: string
}

/** Graph: the words of the choices of one question. */
export type LocalizedCollection = {
  ElementType: string
  ElementId: string
  TargetCollection: string
  Override: boolean
  Items: { Name: string; Value: string }[]
}

/** What a page's `$value` is. */
export type PageContent = { LocalizedStrings: LocalizedString[]; LocalizedCollections: LocalizedCollection[] }

type Texts = Record<string, Record<string, string>>
type Choices = Record<string, Record<string, Record<string, string>>>

/** What administrators changed, by language: texts by `<ElementId>/<StringId>`, choices by attribute and value. */
export function changedWords(pages: readonly { language: string; content: PageContent }[]): {
  texts: Texts
  choices: Choices
} {
  const texts: Texts = {}
  const choices: Choices = {}
  for (const { language, content } of pages) {
    const strings = content.LocalizedStrings.filter(({ Override }) => Override)
    const lists = content.LocalizedCollections.filter(({ Override }) => Override)
    texts[language] = { ...texts[language], ...Object.fromEntries(strings.map((one) => [keyOf(one), one.Value])) }
    choices[language] = { ...choices[language], ...Object.fromEntries(lists.map((one) => [one.ElementId, namesIn(one)])) }
  }
  return { texts, choices }
}

function keyOf({ ElementId, StringId }: LocalizedString): string {
  return `${ElementId ?? ''}/${StringId ?? ''}`
}

function namesIn({ Items }: LocalizedCollection): Record<string, string> {
  return Object.fromEntries(Items.map(({ Name, Value }) => [Value, Name]))
}
