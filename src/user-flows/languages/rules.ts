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

/** The languages that pages are written in, with the names that Graph gives them. No others can be added (Graph). */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: 'English',
  de: 'German',
  fr: 'French',
  es: 'Spanish',
  ja: 'Japanese',
  ar: 'Arabic',
}
export const LANGUAGE_IDS = Object.keys(LANGUAGES)

/** What an administrator reads of a language. */
export function languageName(id: string): string {
  return LANGUAGES[id] ?? id
}

/** The page that asks the questions, as Graph's samples call it: the one page whose words are the administrator's. */
export const PAGE = 'selfasserted1_1'

/** Texts of that page which belong to no question (Graph: UxElement). */
export const PAGE_TEXTS = ['heading', 'intro', 'button_continue'] as const

/** Texts of a question (Graph: ClaimType). */
const QUESTION_TEXTS = ['DisplayName', 'UserHelpText']

/** A question as far as it has words. */
export type Worded = {
  attributeId: string
  label: string
  hint: string
  choices: readonly { name: string; value: string }[]
}

/** The words of the page before an administrator changed any: what is downloaded, changed and uploaded. */
export function defaultContent(
  page: Readonly<Record<(typeof PAGE_TEXTS)[number], string>>,
  questions: readonly Worded[],
): PageContent {
  const text = (ElementType: string, ElementId: string | null, StringId: string, Value: string): LocalizedString => ({
    ElementType,
    ElementId,
    StringId,
    Override: false,
    Value,
  })
  return {
    LocalizedStrings: [
      ...PAGE_TEXTS.map((id) => text('UxElement', null, id, page[id])),
      ...questions.flatMap(({ attributeId, label, hint }) => [
        text('ClaimType', attributeId, 'DisplayName', label),
        text('ClaimType', attributeId, 'UserHelpText', hint),
      ]),
    ],
    LocalizedCollections: questions.flatMap(({ attributeId, choices }) =>
      choices.length === 0
        ? []
        : [
            {
              ElementType: 'ClaimType',
              ElementId: attributeId,
              TargetCollection: 'Restriction',
              Override: false,
              Items: choices.map(({ name, value }) => ({ Name: name, Value: value })),
            },
          ],
    ),
  }
}

/**
 * The first changed text or list that no page shows, by its place; undefined when each is shown. What is not changed is
 * not looked at: files from elsewhere hold texts of pages that are not here.
 */
export function unknownWords({ LocalizedStrings, LocalizedCollections }: PageContent): string | undefined {
  const text = LocalizedStrings.findIndex((one) => one.Override && !isShown(one))
  if (text >= 0) return `LocalizedStrings[${text}]`
  const list = LocalizedCollections.findIndex(
    (one) => one.Override && !(one.ElementType === 'ClaimType' && one.TargetCollection === 'Restriction'),
  )
  return list >= 0 ? `LocalizedCollections[${list}]` : undefined
}

function isShown({ ElementType, ElementId, StringId }: LocalizedString): boolean {
  if (ElementType === 'ClaimType') return ElementId !== null && QUESTION_TEXTS.includes(StringId ?? '')
  return ElementType === 'UxElement' && !ElementId && PAGE_TEXTS.some((known) => known === StringId)
}

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
    choices[language] = {
      ...choices[language],
      ...Object.fromEntries(lists.map((one) => [one.ElementId, namesIn(one)])),
    }
  }
  return { texts, choices }
}

function keyOf({ ElementId, StringId }: LocalizedString): string {
  return `${ElementId ?? ''}/${StringId ?? ''}`
}

function namesIn({ Items }: LocalizedCollection): Record<string, string> {
  return Object.fromEntries(Items.map(({ Name, Value }) => [Value, Name]))
}
