import { sql } from 'drizzle-orm'
import { applicationResource } from '../../applications/index.js'
import { groupResource, userResource } from '../../directory/index.js'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { operators } from '../../graph/odata/operators.js'
import { defineResource, type Link, type Relation } from '../../graph/odata/resource.js'
import { languageResource } from '../languages/language-resource.js'
import { LANGUAGE_IDS } from '../languages/rules.js'
import { assignmentResource } from './assignment-resource.js'
import { readAssignments } from './assignments-store.js'
import { providerResource } from './provider-resource.js'
import { loadFlows, readApprovers, readFlowApplications, readFlowProviders } from './store.js'
import { type UserFlowRow, userFlowApplications, userFlows } from './tables.js'

/** Gathers the links of each owner, at most so many. */
function linked(ids: readonly string[], found: readonly (Link & { of: string })[], most: number) {
  const links = new Map<string, Link[]>(ids.map((id) => [id, []]))
  for (const { of, id, type } of found) {
    const own = links.get(of)
    if (own && own.length < most) own.push({ id, type })
  }
  return links
}

const relations: Record<string, Relation> = {
  userAttributeAssignments: {
    type: assignmentResource.type,
    isCollection: true,
    targets: () => [assignmentResource],
    async load({ scope }, ids, most) {
      const rows = await readAssignments(scope, ids)
      return linked(
        ids,
        rows.map(({ flowId, id }) => ({ of: flowId, id, type: assignmentResource.type })),
        most,
      )
    },
  },
  userFlowIdentityProviders: {
    type: providerResource.type,
    isCollection: true,
    targets: () => [providerResource],
    async load({ scope }, ids, most) {
      const rows = await readFlowProviders(scope, ids)
      return linked(
        ids,
        rows.map(({ flowId, providerId }) => ({ of: flowId, id: providerId, type: providerResource.type })),
        most,
      )
    },
  },
  languages: {
    type: languageResource.type,
    isCollection: true,
    targets: () => [languageResource],
    async load(_context, ids, most) {
      const all = ids.flatMap((id) =>
        LANGUAGE_IDS.map((code) => ({ of: id, id: `${id}/${code}`, type: languageResource.type })),
      )
      return linked(ids, all, most)
    },
  },
  applications: {
    type: applicationResource.type,
    isCollection: true,
    targets: () => [applicationResource],
    async load({ scope }, ids, most) {
      const rows = await readFlowApplications(scope, ids)
      return linked(
        ids,
        rows.map(({ flowId, applicationId }) => ({ of: flowId, id: applicationId, type: applicationResource.type })),
        most,
      )
    },
  },
  approvers: {
    type: 'microsoft.graph.directoryObject',
    isCollection: true,
    targets: () => [userResource, groupResource],
    async load({ scope }, ids, most) {
      const rows = await readApprovers(scope, ids)
      const typeOf = { User: userResource.type, Group: groupResource.type }
      return linked(
        ids,
        rows.map(({ flowId, approverId, approverType }) => ({
          of: flowId,
          id: approverId,
          type: typeOf[approverType],
        })),
        most,
      )
    },
  },
}

/** Graph: b2xIdentityUserFlow. Lists tell flows apart by a key of their own; people see Graph's id. */
export const flowResource = defineResource<UserFlowRow>({
  type: 'microsoft.graph.b2xIdentityUserFlow',
  baseType: 'microsoft.graph.entity',
  set: 'identity/b2xUserFlows',
  name: 'B2xIdentityUserFlow',
  hasNoSet: true,
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ name }) => name,
      filter: { sql: userFlows.nameFolded, type: 'string', fold: 'stored', operators: operators('eq', 'ne', 'in') },
      orderBy: { sql: userFlows.nameFolded, type: 'text' },
      search: { kind: 'text', sql: userFlows.name },
    },
    userFlowType: { type: 'microsoft.graph.userFlowType', isDefault: true, read: () => 'signUpOrSignIn' },
    userFlowTypeVersion: { type: 'Edm.Int32', isDefault: true, read: () => 1 },
    // Graph: always empty here; what it holds is told at …/apiConnectorConfiguration.
    apiConnectorConfiguration: {
      type: 'microsoft.graph.userFlowApiConnectorConfiguration',
      isDefault: true,
      read: () => ({}),
    },
    isEnabled: { type: 'Edm.Boolean', isDefault: true, read: ({ isEnabled }) => isEnabled },
    requiresApproval: { type: 'Edm.Boolean', isDefault: true, read: ({ requiresApproval }) => requiresApproval },
    requestLifetimeDays: { type: 'Edm.Int32', isDefault: true, read: ({ requestLifetimeDays }) => requestLifetimeDays },
    termsOfUseUrl: { type: 'Edm.String', isDefault: true, read: ({ termsOfUseUrl }) => termsOfUseUrl },
    defaultLanguage: { type: 'Edm.String', isDefault: true, read: ({ defaultLanguage }) => defaultLanguage },
    createdDateTime: {
      type: 'Edm.DateTimeOffset',
      isDefault: true,
      read: ({ createdDateTime }) => createdDateTime.toISOString(),
    },
  },
  relations,
  load: ({ scope }, ids) => loadFlows(scope, ids),
  version: ({ version }) => String(version),
})

const collection = defineCollection({
  resource: flowResource,
  isFew: true,
  from: sql`${userFlows}`,
  id: userFlows.id,
  where: (tenantId) => sql`${userFlows.tenantId} = ${tenantId}`,
})
/** The flows of an organization, oldest first. */
export const flowCollection = { ...collection, rules: { ...collection.rules, expandsSeveral: true } }
export const flowRules = { ...entityRules(flowResource), expandsSeveral: true }

/** The applications of one flow, to be narrowed to it. What it filters by would be in a table of another capability. */
export const flowApplications = defineCollection({
  set: 'applications',
  resource: applicationResource,
  from: sql`${userFlowApplications}`,
  id: userFlowApplications.applicationId,
  where: (tenantId) => sql`${userFlowApplications.tenantId} = ${tenantId}`,
  options: ['select', 'top', 'skiptoken', 'count'],
})
export const applicationsOf = (flowId: string) => sql`${userFlowApplications.flowId} = ${flowId}`
