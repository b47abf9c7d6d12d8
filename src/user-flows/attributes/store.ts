import { and, count, eq, inArray } from 'drizzle-orm'
import type { TenantScope } from '../../platform/database.js'
import { type Attribute, BUILT_IN, builtInAttribute } from './rules.js'
import { type CustomAttribute, customAttributes, extensionsApplications } from './tables.js'

const own = (scope: TenantScope) => eq(customAttributes.tenantId, scope.tenantId)
const named = (scope: TenantScope, name: string) => and(own(scope), eq(customAttributes.nameFolded, name.toLowerCase()))

function asAttribute({ id: key, name: id, displayName, description, dataType }: CustomAttribute): Attribute {
  return { id, key, displayName, description, userFlowAttributeType: 'custom', dataType }
}

/** Attributes by what lists sort by. */
export async function loadAttributes(scope: TenantScope, keys: readonly string[]): Promise<Attribute[]> {
  const builtIn = BUILT_IN.filter(({ key }) => keys.includes(key))
  if (builtIn.length === keys.length) return builtIn
  const custom = await scope.orm
    .select()
    .from(customAttributes)
    .where(and(own(scope), inArray(customAttributes.id, [...keys])))
  return [...builtIn, ...custom.map(asAttribute)]
}

/** An attribute by its name in whatever case. A custom one is locked against deletion until the transaction ends. */
export async function findAttribute(scope: TenantScope, name: string): Promise<Attribute | undefined> {
  const builtIn = builtInAttribute(name)
  if (builtIn) return builtIn
  const [row] = await scope.orm.select().from(customAttributes).where(named(scope, name)).for('key share')
  return row && asAttribute(row)
}

/** Attributes by their names as they are written. */
export async function findAttributes(
  scope: TenantScope,
  names: readonly string[],
): Promise<ReadonlyMap<string, Attribute>> {
  const builtIn = BUILT_IN.filter(({ id }) => names.includes(id))
  const folded = names.filter((name) => !builtInAttribute(name)).map((name) => name.toLowerCase())
  const custom =
    folded.length === 0
      ? []
      : await scope.orm
          .select()
          .from(customAttributes)
          .where(and(own(scope), inArray(customAttributes.nameFolded, folded)))
  return new Map([...builtIn, ...custom.map(asAttribute)].map((attribute) => [attribute.id, attribute]))
}

export async function lockCustomAttribute(scope: TenantScope, name: string): Promise<CustomAttribute | undefined> {
  const [row] = await scope.orm.select().from(customAttributes).where(named(scope, name)).for('update')
  return row
}

export async function findCustomAttribute(scope: TenantScope, id: string): Promise<CustomAttribute | undefined> {
  const [row] = await scope.orm
    .select()
    .from(customAttributes)
    .where(and(own(scope), eq(customAttributes.id, id)))
  return row
}

export async function countCustomAttributes(scope: TenantScope): Promise<number> {
  const [row] = await scope.orm.select({ total: count() }).from(customAttributes).where(own(scope))
  return row?.total ?? 0
}

export async function insertCustomAttribute(scope: TenantScope, row: CustomAttribute): Promise<void> {
  await scope.orm.insert(customAttributes).values(row)
}

export async function updateCustomAttribute(
  scope: TenantScope,
  id: string,
  changes: Partial<Pick<CustomAttribute, 'displayName' | 'description'>>,
): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await scope.orm
    .update(customAttributes)
    .set(changes)
    .where(and(own(scope), eq(customAttributes.id, id)))
}

export async function deleteCustomAttribute(scope: TenantScope, id: string): Promise<void> {
  await scope.orm.delete(customAttributes).where(and(own(scope), eq(customAttributes.id, id)))
}

/** The client id of the application whose extensions custom attributes are; undefined before there is one. */
export async function findExtensionsApplication(scope: TenantScope): Promise<string | undefined> {
  const [row] = await scope.orm
    .select({ appId: extensionsApplications.appId })
    .from(extensionsApplications)
    .where(eq(extensionsApplications.tenantId, scope.tenantId))
  return row?.appId
}

export async function insertExtensionsApplication(
  scope: TenantScope,
  row: { applicationId: string; appId: string },
): Promise<void> {
  await scope.orm.insert(extensionsApplications).values({ ...row, tenantId: scope.tenantId })
}
