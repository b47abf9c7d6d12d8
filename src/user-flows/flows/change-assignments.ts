import type { Caller } from '../../graph/caller.js'
import type { TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { findAttribute } from '../attributes/store.js'
import { refusals } from '../errors.js'
import {
  deleteAssignment,
  findAssignment,
  insertAssignment,
  readAssignments,
  updateAssignment,
} from './assignments-store.js'
import { type ChangeNeeds, changeFlow } from './change-flow.js'
import {
  type ChoiceValue,
  MOST_ASSIGNMENTS,
  misfitOf,
  type Question,
  USER_INPUT_TYPES,
  type UserInputType,
  type Validation,
} from './rules.js'
import type { AssignmentChanges, NewAssignment } from './schema.js'
import type { AssignmentRow } from './tables.js'

/** Has a flow ask an attribute, behind the others (Graph: b2xidentityuserflow-post-userattributeassignments). @throws Refusal */
export function addAssignment(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  wish: NewAssignment,
  idempotent?: IdempotentRequest,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    idempotent,
    async write(scope, flow) {
      const attribute = await findAttribute(scope, wish.userAttribute.id)
      if (!attribute) throw refusals.attributeUnknown(wish.userAttribute.id)
      const asked = await readAssignments(scope, [flow.id])
      if (asked.some(({ attributeId }) => attributeId === attribute.id)) throw refusals.assignmentExists(attribute.id)
      if (asked.length >= MOST_ASSIGNMENTS) throw refusals.tooManyAssignments(MOST_ASSIGNMENTS)
      const given = questionIn(wish)
      const question = {
        userInputType: given.userInputType ?? (attribute.dataType === 'dateTime' ? 'dateTimeDropdown' : 'textBox'),
        userAttributeValues: given.userAttributeValues ?? [],
        defaultValue: given.defaultValue ?? null,
        validation: given.validation ?? null,
      }
      mustFit(attribute.dataType, question)
      await insertAssignment(scope, {
        flowId: flow.id,
        attributeId: attribute.id,
        id: needs.newId(),
        position: (asked.at(-1)?.position ?? 0) + 1,
        displayName: wish.displayName ?? null,
        isOptional: wish.isOptional ?? false,
        requiresVerification: wish.requiresVerification ?? false,
        ...question,
      })
      return { details: { attribute: attribute.id } }
    },
  })
}

/** Changes what is named and leaves the rest (Graph: identityuserflowattributeassignment-update). @throws Refusal */
export function changeAssignment(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  attributeId: string,
  wish: AssignmentChanges,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      const row = await mustFind(scope, flow.id, attributeId)
      const attribute = await findAttribute(scope, row.attributeId)
      if (!attribute) throw refusals.notFound(attributeId)
      const { displayName, isOptional, requiresVerification } = wish
      const given = questionIn(wish)
      mustFit(attribute.dataType, { ...row, userInputType: known(row.userInputType), ...given })
      await updateAssignment(scope, flow.id, row.attributeId, {
        ...given,
        ...(displayName !== undefined && { displayName }),
        ...(isOptional !== undefined && { isOptional }),
        ...(requiresVerification !== undefined && { requiresVerification }),
      })
      return { details: { attribute: row.attributeId, changed: Object.keys(wish) } }
    },
  })
}

/** Has a flow no longer ask it; what people answered stays with them. @throws Refusal */
export function removeAssignment(needs: ChangeNeeds, caller: Caller, name: string, attributeId: string): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      const row = await mustFind(scope, flow.id, attributeId)
      await deleteAssignment(scope, flow.id, row.attributeId)
      return { details: { removedAttribute: row.attributeId } }
    },
  })
}

/**
 * Puts the questions in another order (Graph: identityuserflowattributeassignment-setorder).
 * @throws Refusal unless each of them is named once.
 */
export function orderAssignments(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  order: readonly string[],
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      const asked = await readAssignments(scope, [flow.id])
      const rows = order.map((id) => asked.find(({ attributeId }) => attributeId.toLowerCase() === id.toLowerCase()))
      const isWhole = rows.length === asked.length && new Set(rows).size === asked.length && !rows.includes(undefined)
      if (!isWhole) throw refusals.orderIncomplete()
      for (const [index, row] of rows.entries()) {
        if (row) await updateAssignment(scope, flow.id, row.attributeId, { position: index + 1 })
      }
      return { details: { order: rows.map((row) => row?.attributeId) } }
    },
  })
}

type Given = Partial<{
  userInputType: UserInputType
  userAttributeValues: ChoiceValue[]
  defaultValue: string | null
  validation: Validation | null
}>

/** What a body says of the question itself. Graph's samples write `TextBox`, and `"True"` for true. @throws Refusal */
function questionIn({ userInputType, userAttributeValues, defaultValue, validation }: AssignmentChanges): Given {
  return {
    ...(userInputType !== undefined && { userInputType: known(userInputType) }),
    ...(userAttributeValues && {
      userAttributeValues: userAttributeValues.map(({ name, value, isDefault = false }) => ({
        name,
        value,
        isDefault: String(isDefault).toLowerCase() === 'true',
      })),
    }),
    ...(defaultValue !== undefined && { defaultValue }),
    ...(validation !== undefined && { validation: validation && rulesIn(validation) }),
  }
}

function rulesIn({
  regularExpression,
  minimum,
  maximum,
  message,
}: NonNullable<AssignmentChanges['validation']>): Validation {
  return {
    ...(regularExpression !== undefined && { regularExpression }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(message !== undefined && { message }),
  }
}

function known(userInputType: string): UserInputType {
  const found = USER_INPUT_TYPES.find((name) => name.toLowerCase() === userInputType.toLowerCase())
  if (!found) throw refusals.misfit('userInputType', `one of ${USER_INPUT_TYPES.join(', ')}`)
  return found
}

function mustFit(dataType: Parameters<typeof misfitOf>[0], question: Question): void {
  const misfit = misfitOf(dataType, question)
  if (misfit) throw refusals.misfit(misfit.property, misfit.rule)
}

async function mustFind(scope: TenantScope, flowId: string, attributeId: string): Promise<AssignmentRow> {
  const row = await findAssignment(scope, flowId, attributeId)
  if (!row) throw refusals.notFound(attributeId)
  return row
}
