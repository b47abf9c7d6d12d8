import type postgres from 'postgres'
import { isGuid } from '../../kernel/ids.js'
import { LANGUAGES } from '../../platform/i18n/index.js'
import { builtInAttribute } from '../attributes/rules.js'
import { namesOfBuiltIn } from '../languages/built-in-names.js'
import { changedWords } from '../languages/rules.js'
import type { FlowAttribute, UserFlow } from '../words.js'
import { inputTypeOf } from './rules.js'
import { type AssignmentView, type FlowView, readFlowNamed, readFlowOfClient } from './run-store.js'

/** A flow by its id, in whatever case, in one round trip; undefined when the organization has none of this id. */
export async function readUserFlow(sql: postgres.Sql, tenantId: string, flowId: string): Promise<UserFlow | undefined> {
  const view = await readFlowNamed(sql, tenantId, flowId.toLowerCase())
  return view && inWords(view)
}

/**
 * The flow by which people sign up who come to an application, by its client id and in one round trip; undefined when it
 * has none. Whether the flow is switched on is for the caller to look at.
 */
export async function userFlowOfApplication(
  sql: postgres.Sql,
  tenantId: string,
  clientId: string,
): Promise<UserFlow | undefined> {
  if (!isGuid(clientId)) return undefined
  const view = await readFlowOfClient(sql, tenantId, clientId)
  return view && inWords(view)
}

function inWords(view: FlowView): UserFlow {
  const { postFederationSignup, postAttributeCollection, termsOfUseUrl, requestLifetimeDays, disabledLanguages } = view
  return {
    id: view.id,
    isEnabled: view.isEnabled,
    identityProviderIds: view.identityProviderIds,
    attributes: view.assignments.map(attributeOf),
    connectors: {
      ...(postFederationSignup !== null && { PostFederationSignup: postFederationSignup }),
      ...(postAttributeCollection !== null && { PostAttributeCollection: postAttributeCollection }),
    },
    applicationIds: view.applicationIds,
    defaultLanguage: view.defaultLanguage,
    languages: LANGUAGES.map(({ code }) => code).filter((code) => !disabledLanguages.includes(code)),
    ...wordsOf(view),
    ...(termsOfUseUrl !== null && { termsOfUseUrl }),
    requiresApproval: view.requiresApproval,
    ...(requestLifetimeDays !== null && { requestLifetimeDays }),
  }
}

/** Built-in attributes that the flow calls nothing else have their name in each language. */
function wordsOf({ assignments, pages }: FlowView): Pick<UserFlow, 'texts' | 'choices'> {
  const unnamed = assignments.filter(({ displayName }) => displayName === null)
  const names = namesOfBuiltIn(unnamed.map(({ attributeId }) => attributeId))
  const { texts, choices } = changedWords(pages)
  const languages = LANGUAGES.map(({ code }) => [code, { ...names[code], ...texts[code] }])
  return { texts: Object.fromEntries(languages), choices }
}

function attributeOf(assignment: AssignmentView): FlowAttribute {
  const { attributeId, displayName, description, dataType, defaultValue, validation } = assignment
  return {
    claim: attributeId,
    attributeId,
    label: displayName ?? builtInAttribute(attributeId)?.displayName ?? attributeId,
    dataType,
    inputType: inputTypeOf(assignment.userInputType, dataType),
    isRequired: !assignment.isOptional,
    values: assignment.userAttributeValues,
    ...(description !== null && { hint: description }),
    ...(defaultValue !== null && { defaultValue }),
    ...(validation && { validation }),
  }
}
