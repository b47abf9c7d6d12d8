import { sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../../graph/odata/collection.js'
import { operators } from '../../graph/odata/operators.js'
import { defineResource } from '../../graph/odata/resource.js'
import { attributeResource } from '../attributes/attribute-resource.js'
import { findAttributes } from '../attributes/store.js'
import { loadAssignments } from './assignments-store.js'
import { type AssignmentRow, userFlowAssignments } from './tables.js'

/** Graph: identityUserFlowAttributeAssignment. Its id is that of the attribute. */
export const assignmentResource = defineResource<AssignmentRow>({
  type: 'microsoft.graph.identityUserFlowAttributeAssignment',
  baseType: 'microsoft.graph.entity',
  set: 'userAttributeAssignments',
  name: 'IdentityUserFlowAttributeAssignment',
  hasNoSet: true,
  properties: {
    id: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ attributeId }) => attributeId,
      filter: { sql: userFlowAssignments.attributeId, type: 'string', operators: operators('eq', 'in') },
      orderBy: { sql: sql`lower(${userFlowAssignments.attributeId})`, type: 'text' },
      search: { kind: 'text', sql: userFlowAssignments.attributeId },
    },
    displayName: {
      type: 'Edm.String',
      isDefault: true,
      read: ({ displayName }) => displayName,
      orderBy: { sql: sql`lower(${userFlowAssignments.displayName})`, type: 'text', isNullable: true },
      search: { kind: 'text', sql: userFlowAssignments.displayName },
    },
    isOptional: { type: 'Edm.Boolean', isDefault: true, read: ({ isOptional }) => isOptional },
    requiresVerification: {
      type: 'Edm.Boolean',
      isDefault: true,
      read: ({ requiresVerification }) => requiresVerification,
    },
    userInputType: {
      type: 'microsoft.graph.identityUserFlowAttributeInputType',
      isDefault: true,
      read: ({ userInputType }) => userInputType,
    },
    userAttributeValues: {
      type: 'microsoft.graph.userAttributeValuesItem',
      isCollection: true,
      isDefault: true,
      read: ({ userAttributeValues }) => userAttributeValues,
    },
    defaultValue: { type: 'Edm.String', isDefault: true, read: ({ defaultValue }) => defaultValue },
    validation: {
      type: 'microsoft.graph.userAttributeValidation',
      isDefault: true,
      read: ({ validation }) => validation,
    },
  },
  complexTypes: {
    'microsoft.graph.userAttributeValuesItem': {
      name: { type: 'Edm.String' },
      value: { type: 'Edm.String' },
      isDefault: { type: 'Edm.Boolean' },
    },
    'microsoft.graph.userAttributeValidation': {
      regularExpression: { type: 'Edm.String' },
      minimum: { type: 'Edm.Int64' },
      maximum: { type: 'Edm.Int64' },
      message: { type: 'Edm.String' },
    },
  },
  relations: {
    userAttribute: {
      type: attributeResource.type,
      isCollection: false,
      targets: () => [attributeResource],
      async load({ scope }, ids) {
        const rows = await loadAssignments(scope, ids)
        const found = await findAttributes(
          scope,
          rows.map(({ attributeId }) => attributeId),
        )
        return new Map(
          rows.map(({ id, attributeId }) => {
            const attribute = found.get(attributeId)
            return [id, attribute ? [{ id: attribute.key, type: attributeResource.type }] : []]
          }),
        )
      },
    },
  },
  load: ({ scope }, ids) => loadAssignments(scope, ids),
})

/** The questions of one flow, to be narrowed to it, in the order in which they were added. */
export const assignmentCollection = defineCollection({
  resource: assignmentResource,
  isFew: true,
  from: sql`${userFlowAssignments}`,
  id: userFlowAssignments.id,
  where: (tenantId) => sql`${userFlowAssignments.tenantId} = ${tenantId}`,
})
export const assignmentsOf = (flowId: string) => sql`${userFlowAssignments.flowId} = ${flowId}`
export const assignmentRules = entityRules(assignmentResource)
