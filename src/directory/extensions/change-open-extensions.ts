import type { Caller } from '../../graph/caller.js'
import { uuidv7 } from '../../kernel/ids.js'
import type { Database, TenantScope } from '../../platform/database.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { madeBefore } from '../../platform/idempotency/store.js'
import { refusals } from './errors.js'
import { MAX_OF_CLIENT, readContent, readName } from './open-extension.js'
import {
  countOfClient,
  deleteOpenExtension,
  findOpenExtension,
  insertOpenExtension,
  replaceContent,
} from './open-extensions-store.js'
import type { OpenExtension } from './tables.js'

type Needs = { database: Database; clock: () => Date }
type Body = { extensionName?: string | null | undefined } & Record<string, unknown>

/** The object that an extension is kept with. */
export type Owner = {
  id: string
  /** Locks the object and refuses whom it must; then writes down that it was changed. */
  change(scope: TenantScope): Promise<void>
}

/** Keeps an open extension with a user or group (Graph: opentypeextension-post). @throws Refusal */
export function addOpenExtension(
  needs: Needs,
  caller: Caller,
  owner: Owner,
  body: Body,
  idempotent?: IdempotentRequest,
): Promise<OpenExtension> {
  const name = readName(body.extensionName)
  const content = readContent(body)
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    const now = needs.clock()
    // An extension has a name for an id: the one in the body, which is that of the first request.
    if (await madeBefore(scope, idempotent, uuidv7(now.getTime()), now)) {
      const made = await findOpenExtension(scope, owner.id, name)
      if (!made) throw refusals.extensionNotFound()
      return made
    }
    // The lock of the object makes both of these exact.
    await owner.change(scope)
    if (await findOpenExtension(scope, owner.id, name)) throw refusals.extensionExists()
    const count = await countOfClient(scope, owner.id, caller.clientId)
    if (count >= MAX_OF_CLIENT) throw refusals.tooManyExtensions(MAX_OF_CLIENT)
    const row = {
      tenantId: scope.tenantId,
      ownerId: owner.id,
      name,
      nameFolded: name.toLowerCase(),
      appId: caller.clientId,
      content,
    }
    await insertOpenExtension(scope, row)
    return row
  })
}

/**
 * Replaces what is kept: what the body does not name is gone (Graph: "to update an open extension, you must specify all
 * its properties"). @throws Refusal
 */
export function changeOpenExtension(
  needs: Needs,
  caller: Caller,
  owner: Owner,
  name: string,
  body: Body,
): Promise<void> {
  const content = readContent(body)
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await owner.change(scope)
    if (!(await replaceContent(scope, owner.id, name, content))) throw refusals.extensionNotFound()
  })
}

/** @throws Refusal */
export function removeOpenExtension(needs: Needs, caller: Caller, owner: Owner, name: string): Promise<void> {
  return needs.database.withTenant(caller.tenantId, async (scope) => {
    await owner.change(scope)
    if (!(await deleteOpenExtension(scope, owner.id, name))) throw refusals.extensionNotFound()
  })
}
