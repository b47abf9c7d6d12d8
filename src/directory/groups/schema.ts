import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { EXTENSIONS } from '../extensions/schema.js'

const text = (maxLength: number) => Type.Optional(Type.Union([Type.String({ maxLength }), Type.Null()]))
const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const references = Type.Optional(
  Type.Array(Type.String({ maxLength: 1_024 }), { maxItems: 20, rule: 'a list of at most 20 references' }),
)

/** Graph: ASCII without what has a meaning in addresses. */
const mailNickname = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: "^[!#-'*+\\-./0-9=?A-Z^_`a-z{|}~$%&]+$",
  rule: 'at most 64 characters of an address, before its @',
})
const displayName = Type.String({ minLength: 1, maxLength: 256 })
const groupTypes = Type.Array(Type.Union([Type.Literal('Unified'), Type.Literal('DynamicMembership')]), {
  maxItems: 2,
  uniqueItems: true,
})
const visibility = Type.Union([Type.Literal('Private'), Type.Literal('Public'), Type.Literal('HiddenMembership')])
const processingState = Type.Union([Type.Literal('On'), Type.Literal('Paused')])

const plain = {
  description: text(1_024),
  classification: text(64),
  preferredLanguage: Type.Optional(
    Type.Union([
      Type.String({ pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$', rule: 'a language tag such as en-US or de' }),
      Type.Null(),
    ]),
  ),
  preferredDataLocation: text(16),
  theme: Type.Optional(
    Type.Union([
      ...['Teal', 'Purple', 'Green', 'Blue', 'Pink', 'Orange', 'Red'].map((name) => Type.Literal(name)),
      Type.Null(),
    ]),
  ),
  // One more character than a rule may have: the parser says so, with the position.
  membershipRule: text(3_073),
  membershipRuleProcessingState: Type.Optional(Type.Union([processingState, Type.Null()])),
}

const ignored = {
  id: readOnly(),
  createdDateTime: readOnly(),
  deletedDateTime: readOnly(),
  expirationDateTime: readOnly(),
  renewedDateTime: readOnly(),
  mail: readOnly(),
  proxyAddresses: readOnly(),
  securityIdentifier: readOnly(),
  onPremisesDomainName: readOnly(),
  onPremisesLastSyncDateTime: readOnly(),
  onPremisesNetBiosName: readOnly(),
  onPremisesProvisioningErrors: readOnly(),
  onPremisesSamAccountName: readOnly(),
  onPremisesSecurityIdentifier: readOnly(),
  onPremisesSyncEnabled: readOnly(),
  resourceBehaviorOptions: readOnly(),
  resourceProvisioningOptions: readOnly(),
  creationOptions: readOnly(),
  serviceProvisioningErrors: readOnly(),
}

/** Graph: group, what `POST /groups` takes. */
export const NewGroup = Type.Object(
  {
    displayName,
    mailEnabled: Type.Boolean(),
    mailNickname,
    securityEnabled: Type.Boolean(),
    groupTypes: Type.Optional(groupTypes),
    visibility: Type.Optional(visibility),
    isAssignableToRole: Type.Optional(Type.Boolean()),
    uniqueName: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
    ...plain,
    'members@odata.bind': references,
    'owners@odata.bind': references,
    ...ignored,
  },
  EXTENSIONS,
)
export type NewGroup = Static<typeof NewGroup>

/** Graph: group, what `PATCH` takes. `null` clears. */
export const GroupChanges = Type.Object(
  {
    displayName: Type.Optional(displayName),
    mailEnabled: Type.Optional(Type.Boolean()),
    mailNickname: Type.Optional(mailNickname),
    securityEnabled: Type.Optional(Type.Boolean()),
    groupTypes: Type.Optional(groupTypes),
    visibility: Type.Optional(visibility),
    isAssignableToRole: Type.Optional(Type.Boolean()),
    ...plain,
    'members@odata.bind': references,
    uniqueName: readOnly(),
    ...ignored,
  },
  EXTENSIONS,
)
export type GroupChanges = Static<typeof GroupChanges>

/** `PATCH /groups(uniqueName='…')` with `Prefer: create-if-missing`: whatever a group is made of. */
export const GroupUpsert = Type.Partial(Type.Object({ ...NewGroup.properties, uniqueName: readOnly() }), EXTENSIONS)
export type GroupUpsert = Static<typeof GroupUpsert>

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const names = {
  displayName: orNull(displayName),
  mailNickname: orNull(mailNickname),
  onBehalfOfUserId: orNull(Type.String({ format: 'uuid' })),
}
/** Graph: group-validateproperties, and of a group that is not there yet directoryobject-validateproperties. */
export const GroupNames = Type.Object(names)
export const NamesOfAny = Type.Object({
  ...names,
  entityType: orNull(Type.String({ pattern: '^[Gg]roup$', rule: "'Group'" })),
})

export const IdList = (most: number) =>
  Type.Array(Type.String({ maxLength: 64 }), { maxItems: most, rule: `a list of at most ${most} ids` })

export const CheckMemberGroups = Type.Object({ groupIds: IdList(20) })
export const CheckMemberObjects = Type.Object({ ids: IdList(20) })
export const GetMemberGroups = Type.Object({
  securityEnabledOnly: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
})

/** Graph: Collection(Edm.String). */
export const Ids = Type.Object({ '@odata.context': Type.String(), value: Type.Array(Type.String()) })
