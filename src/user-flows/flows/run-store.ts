import type postgres from 'postgres'
import type { AttributeDataType } from '../attributes/rules.js'
import type { PageContent } from '../languages/rules.js'
import type { ChoiceValue, Validation } from './rules.js'

/** A question as `functions.sql` reads it. */
export type AssignmentView = {
  attributeId: string
  displayName: string | null
  description: string | null
  dataType: AttributeDataType
  userInputType: string
  isOptional: boolean
  userAttributeValues: ChoiceValue[]
  defaultValue: string | null
  validation: Validation | null
}

/** A flow as `functions.sql` reads it. */
export type FlowView = {
  id: string
  isEnabled: boolean
  requiresApproval: boolean
  requestLifetimeDays: number | null
  termsOfUseUrl: string | null
  defaultLanguage: string
  postFederationSignup: string | null
  postAttributeCollection: string | null
  identityProviderIds: string[]
  assignments: AssignmentView[]
  applicationIds: string[]
  disabledLanguages: string[]
  pages: { language: string; content: PageContent }[]
}

/** `name` is folded. */
export async function readFlowNamed(sql: postgres.Sql, tenantId: string, name: string): Promise<FlowView | undefined> {
  const [row] = await sql<{ view: FlowView | null }[]>`select user_flow_named(${tenantId}, ${name}) as view`
  return row?.view ?? undefined
}

export async function readFlowOfClient(
  sql: postgres.Sql,
  tenantId: string,
  clientId: string,
): Promise<FlowView | undefined> {
  const [row] = await sql<{ view: FlowView | null }[]>`select user_flow_of_client(${tenantId}, ${clientId}) as view`
  return row?.view ?? undefined
}
