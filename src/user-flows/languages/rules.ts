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
    const own = (texts[language] ??= {})
    for (const { ElementId, StringId, Override, Value } of content.LocalizedStrings) {
      if (Override) own[`${ElementId ?? ''}/${StringId ?? ''}`] = Value
    }
    const lists = (choices[language] ??= {})
    for (const { ElementId, Override, Items } of content.LocalizedCollections) {
      if (Override) lists[ElementId] = Object.fromEntries(Items.map(({ Name, Value }) => [Value, Name]))
    }
  }
  return { texts, choices }
}
