const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10'
const GLOBAL_READER = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
const USER_FLOW_ADMINISTRATOR = '6e591065-9bad-43ed-90f3-e9424366d2f0'
const USER_FLOW_ATTRIBUTE_ADMINISTRATOR = '0f971eea-41eb-4569-a71e-57bb8a3eff1e'

type Actor = { kind: 'application' | 'user'; directoryRoles: ReadonlySet<string> }

/** People change flows by a role (Graph: b2xIdentityUserFlow), applications by the permission that the route asks for. */
export function mayChangeFlows(actor: Actor): boolean {
  return holdsAny(actor, GLOBAL_ADMINISTRATOR, USER_FLOW_ADMINISTRATOR)
}

/** The same of attributes, which have an administrator of their own (Graph: identityUserFlowAttribute). */
export function mayChangeAttributes(actor: Actor): boolean {
  return holdsAny(actor, GLOBAL_ADMINISTRATOR, USER_FLOW_ATTRIBUTE_ADMINISTRATOR)
}

/** Who reads flows and attributes. */
export function mayReadFlows(actor: Actor): boolean {
  const readers = [GLOBAL_READER, USER_FLOW_ADMINISTRATOR, USER_FLOW_ATTRIBUTE_ADMINISTRATOR]
  return holdsAny(actor, GLOBAL_ADMINISTRATOR, ...readers)
}

function holdsAny({ kind, directoryRoles }: Actor, ...roles: string[]): boolean {
  return kind === 'application' || roles.some((role) => directoryRoles.has(role))
}
