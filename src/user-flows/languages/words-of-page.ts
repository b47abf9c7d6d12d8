import type { TenantScope } from '../../platform/database.js'
import { type Language, textsIn } from '../../platform/i18n/index.js'
import { builtInAttribute } from '../attributes/rules.js'
import { findAttributes } from '../attributes/store.js'
import { readAssignments } from '../flows/assignments-store.js'
import { nameOfBuiltIn } from './built-in-names.js'
import { defaultContent, type PageContent } from './rules.js'
import { findPage, type PageKey } from './store.js'

/** The words of the page of a flow as people read them where no administrator has changed any. */
export async function defaultWords(
  scope: TenantScope,
  flowId: string,
  language: Language,
  organization: string,
): Promise<PageContent> {
  const assignments = await readAssignments(scope, [flowId])
  const attributes = await findAttributes(
    scope,
    assignments.map(({ attributeId }) => attributeId),
  )
  const { say } = textsIn(language)
  const page = {
    heading: say('sign-up.form.heading', { organization }),
    intro: say('sign-up.form.lead'),
    button_continue: say('sign-up.form.submit'),
  }
  const questions = assignments.map(({ attributeId, displayName, userAttributeValues }) => {
    const attribute = attributes.get(attributeId)
    return {
      attributeId,
      label: displayName ?? nameOfBuiltIn(attributeId, language) ?? attribute?.displayName ?? attributeId,
      hint: builtInAttribute(attributeId) ? '' : (attribute?.description ?? ''),
      choices: userAttributeValues,
    }
  })
  return defaultContent(page, questions)
}

/** The words that an administrator gave the page; none of them before that. */
export async function changedContent(scope: TenantScope, key: PageKey): Promise<PageContent> {
  return (await findPage(scope, key)) ?? { LocalizedStrings: [], LocalizedCollections: [] }
}
