import { defineExtensionProperty, deleteExtensionProperty, type NewExtensionProperty } from '../../directory/index.js'
import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from '../errors.js'
import { flowsOfAttribute } from '../flows/store.js'
import type { FlowNeeds } from '../needs.js'
import { recordFlowAudit } from '../record-change.js'
import { mayChangeAttributes } from '../rules.js'
import { extensionsApplication } from './extensions-application.js'
import { type AttributeDataType, attributeName, builtInAttribute, MOST_ATTRIBUTES } from './rules.js'
import { type AttributeChanges, DATA_TYPES, type NewAttribute } from './schema.js'
import {
  countCustomAttributes,
  deleteCustomAttribute,
  findCustomAttribute,
  insertCustomAttribute,
  lockCustomAttribute,
  updateCustomAttribute,
} from './store.js'
import type { CustomAttribute } from './tables.js'

type Needs = Pick<FlowNeeds, 'database' | 'clock' | 'newId'>

/** How answers are kept (Graph: extensionProperty). */
const KEPT_AS: Record<AttributeDataType, Pick<NewExtensionProperty, 'dataType' | 'isMultiValued'>> = {
  string: { dataType: 'String' },
  boolean: { dataType: 'Boolean' },
  int64: { dataType: 'LargeInteger' },
  stringCollection: { dataType: 'String', isMultiValued: true },
  dateTime: { dataType: 'DateTime' },
}

/**
 * Creates a custom attribute, and with the first one the application it extends users by (Graph:
 * identityuserflowattribute-post). Answers with what lists sort it by. @throws Refusal
 */
export function createAttribute(
  needs: Needs,
  caller: Caller,
  wish: NewAttribute,
  idempotent?: IdempotentRequest,
): Promise<string> {
  mustBeEntitled(caller)
  const name = attributeName(wish.displayName)
  if (name === undefined) throw refusals.attributeName()
  const dataType = DATA_TYPES.find((known) => known === wish.dataType) ?? 'string'
  const now = needs.clock()
  const id = needs.newId()
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const before = await madeBefore(scope, idempotent, id, now)
    if (before !== undefined) return existing(scope, before)
    if ((await countCustomAttributes(scope)) >= MOST_ATTRIBUTES) throw refusals.tooManyAttributes(MOST_ATTRIBUTES)
    const appId = await extensionsApplication(scope, needs)
    const property = { appId, name, ...KEPT_AS[dataType], targetObjects: ['User' as const] }
    const kept = await defineExtensionProperty({ ...needs, newId: () => id }, scope, property)
    const row: CustomAttribute = {
      tenantId: scope.tenantId,
      id,
      name: kept.name,
      nameFolded: kept.nameFolded,
      displayName: wish.displayName,
      description: wish.description ?? null,
      dataType,
      createdDateTime: now,
    }
    await insertCustomAttribute(scope, row)
    await recordFlowAudit(needs, scope, caller, 'Create user attribute', { id: kept.name, dataType }, id)
    return id
  })
}

/** Changes what people read of a custom attribute (Graph: identityuserflowattribute-update). @throws Refusal */
export async function changeAttribute(
  needs: Needs,
  caller: Caller,
  name: string,
  changes: AttributeChanges,
): Promise<void> {
  mustBeEntitled(caller)
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    const { id } = await customToChange(scope, name)
    const { displayName, description } = changes
    const columns = {
      ...(displayName !== undefined && { displayName }),
      ...(description !== undefined && { description }),
    }
    await updateCustomAttribute(scope, id, columns)
    await recordFlowAudit(needs, scope, caller, 'Update user attribute', { id: name, ...columns }, id)
  })
}

/**
 * Deletes a custom attribute: what people answered is gone with it, and a new one of the same name begins empty (Graph:
 * identityuserflowattribute-delete). @throws Refusal while a flow asks it.
 */
export async function removeAttribute(needs: Needs, caller: Caller, name: string): Promise<void> {
  mustBeEntitled(caller)
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    // The lock keeps flows from beginning to ask it meanwhile.
    const { id, name: full } = await customToChange(scope, name)
    const flows = await flowsOfAttribute(scope, full)
    if (flows.length > 0) throw refusals.attributeInUse(full, flows)
    await deleteCustomAttribute(scope, id)
    await deleteExtensionProperty(scope, await extensionsApplication(scope, needs), id)
    await recordFlowAudit(needs, scope, caller, 'Delete user attribute', { id: full }, id)
  })
}

async function customToChange(scope: TenantScope, name: string): Promise<CustomAttribute> {
  if (builtInAttribute(name)) throw refusals.attributeBuiltIn()
  const found = await lockCustomAttribute(scope, name)
  if (!found) throw refusals.notFound(name)
  return found
}

/** What a repeated request made: it may have been deleted since. */
async function existing(scope: TenantScope, id: string): Promise<string> {
  if (!(await findCustomAttribute(scope, id))) throw refusals.notFound(id)
  return id
}

function mustBeEntitled(caller: Caller): void {
  if (!mayChangeAttributes(caller)) throw refusals.roleMissing('External ID User Flow Attribute Administrator')
}
