import { least, references } from '../directory/groups/support.js'
import type { World } from './world.js'

/** Graph's default property set of a group. */
export const GROUP = [
  '@odata.context',
  'classification',
  'createdDateTime',
  'creationOptions',
  'deletedDateTime',
  'description',
  'displayName',
  'expirationDateTime',
  'groupTypes',
  'id',
  'isAssignableToRole',
  'mail',
  'mailEnabled',
  'mailNickname',
  'membershipRule',
  'membershipRuleProcessingState',
  'onPremisesDomainName',
  'onPremisesLastSyncDateTime',
  'onPremisesNetBiosName',
  'onPremisesProvisioningErrors',
  'onPremisesSamAccountName',
  'onPremisesSecurityIdentifier',
  'onPremisesSyncEnabled',
  'preferredDataLocation',
  'preferredLanguage',
  'proxyAddresses',
  'renewedDateTime',
  'resourceBehaviorOptions',
  'resourceProvisioningOptions',
  'securityEnabled',
  'securityIdentifier',
  'serviceProvisioningErrors',
  'theme',
  'uniqueName',
  'visibility',
]
export const ID = { '@odata.id': 'https://graph.microsoft.com/v1.0/directoryObjects/{member}' }
export const EVENTUAL = { consistencylevel: 'eventual' }
const missing = (id: string) =>
  `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`
export const notFound = (id: string) => ({
  code: 'Request_ResourceNotFound',
  message: missing(id),
  inner: 'objectNotFound',
})
export const denied = (inner: string) => ({
  code: 'Authorization_RequestDenied',
  message: 'Insufficient privileges to complete the operation.',
  inner,
})
export const invalid = (property: string, why: string) => ({
  code: 'Request_BadRequest',
  message: `Invalid value specified for property '${property}' of resource 'Group'.`,
  inner: 'invalidGroup',
  target: property,
  details: [{ code: 'invalidGroup', message: why, target: property }],
})
export const malformed = (what: string, position: number) => ({
  code: 'DynamicGroupQueryParseError',
  message: `Invalid membership rule: ${what} at position ${position}.`,
  inner: 'malformedRule',
  target: 'membershipRule',
  details: [{ code: 'position', message: `Position ${position}`, target: 'membershipRule' }],
})

/** Makes a group and calls it by a name in the facts. */
export const given =
  (name: string, wish: Record<string, unknown> = {}) =>
  async ({ service, facts }: World) => {
    const { status, body, text } = await service.api('POST', '/groups', { ...least(name), ...wish })
    if (status !== 201) throw new Error(text)
    facts[name] = body.id
  }
export const all =
  (...arrangements: ((world: World) => Promise<unknown>)[]) =>
  async (world: World) => {
    for (const arrange of arrangements) await arrange(world)
  }
export const holding =
  (name: string, ...members: string[]) =>
  async (world: World) =>
    given(name, { 'members@odata.bind': references(...members.map((one) => world.facts[one] ?? '')) })(world)
