import { type Static, Type } from '@sinclair/typebox'

const readOnly = () => Type.Optional(Type.Unknown({ readOnly: true }))
const type = Type.Optional(Type.String({ maxLength: 128 }))
const reference = Type.Object({ '@odata.id': Type.String({ maxLength: 1_024 }) })
const slot = Type.Optional(Type.Union([Type.Null(), reference]))

/** Additions: what Entra keeps elsewhere or does not have. */
const additions = {
  isEnabled: Type.Optional(
    Type.Boolean({ description: 'Addition: whether people can sign up by it while the organization lets them.' }),
  ),
  requiresApproval: Type.Optional(
    Type.Boolean({ description: 'Addition: whether approvers decide before a guest is created.' }),
  ),
  requestLifetimeDays: Type.Optional(
    Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 365 })], {
      description: 'Addition: days that a request waits for its approvers. Null: as the organization says.',
    }),
  ),
  termsOfUseUrl: Type.Optional(
    Type.Union([Type.Null(), Type.String({ maxLength: 2_048 })], {
      description: 'Addition: terms that people accept before their account is created.',
    }),
  ),
  defaultLanguage: Type.Optional(
    Type.String({ maxLength: 16, description: 'Addition: language of people who ask for none that is switched on.' }),
  ),
}

/** Graph: identitycontainer-post-b2xuserflows. */
export const NewFlow = Type.Object({
  '@odata.type': type,
  id: Type.String({ minLength: 1, maxLength: 128 }),
  userFlowType: Type.Optional(Type.String({ maxLength: 64 })),
  userFlowTypeVersion: Type.Optional(Type.Number()),
  identityProviders: Type.Optional(
    Type.Array(
      Type.Object({
        '@odata.type': type,
        id: Type.String({ maxLength: 128 }),
        type: Type.Optional(Type.Unknown()),
        name: Type.Optional(Type.Unknown()),
      }),
      { maxItems: 20 },
    ),
  ),
  'userFlowIdentityProviders@odata.bind': Type.Optional(
    Type.Array(Type.String({ maxLength: 1_024 }), { maxItems: 20 }),
  ),
  apiConnectorConfiguration: Type.Optional(
    Type.Object({ '@odata.type': type, postFederationSignup: slot, postAttributeCollection: slot }),
  ),
  ...additions,
})
export type NewFlow = Static<typeof NewFlow>

/** What can be changed of a flow: our additions. Graph has nothing to change in one. */
export const FlowChanges = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  userFlowType: readOnly(),
  userFlowTypeVersion: readOnly(),
  apiConnectorConfiguration: readOnly(),
  ...additions,
})
export type FlowChanges = Static<typeof FlowChanges>

/** Body of `POST` and `PUT` of a `$ref` here: the objects are of many kinds, each route says which. */
export const FlowReference = reference

const truth = Type.Union([Type.Boolean(), Type.String({ pattern: '^(?:[Tt]rue|[Ff]alse)$' })])
const question = {
  displayName: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 256 })])),
  isOptional: Type.Optional(Type.Boolean()),
  requiresVerification: Type.Optional(Type.Boolean()),
  userInputType: Type.Optional(Type.String({ maxLength: 64 })),
  userAttributeValues: Type.Optional(
    Type.Array(
      Type.Object({
        '@odata.type': type,
        name: Type.String({ minLength: 1, maxLength: 256 }),
        value: Type.String({ minLength: 1, maxLength: 256 }),
        isDefault: Type.Optional(truth),
      }),
      { maxItems: 300 },
    ),
  ),
  defaultValue: Type.Optional(
    Type.Union([Type.Null(), Type.String({ maxLength: 256 })], {
      description: 'Addition: what is in the field before anybody typed.',
    }),
  ),
  validation: Type.Optional(
    Type.Union(
      [
        Type.Null(),
        Type.Object({
          '@odata.type': type,
          regularExpression: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
          minimum: Type.Optional(Type.Integer()),
          maximum: Type.Optional(Type.Integer()),
          message: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
        }),
      ],
      { description: 'Addition: what an answer is checked against, whole, and what is said when it does not fit.' },
    ),
  ),
}

/** Graph: b2xidentityuserflow-post-userattributeassignments. */
export const NewAssignment = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  ...question,
  userAttribute: Type.Object({
    '@odata.type': type,
    id: Type.String({ minLength: 1, maxLength: 256 }),
    displayName: readOnly(),
    description: readOnly(),
    userFlowAttributeType: readOnly(),
    dataType: readOnly(),
  }),
})
export type NewAssignment = Static<typeof NewAssignment>

/** Graph: identityuserflowattributeassignment-update. */
export const AssignmentChanges = Type.Object({
  '@odata.type': type,
  id: readOnly(),
  userAttribute: readOnly(),
  ...question,
})
export type AssignmentChanges = Static<typeof AssignmentChanges>

/** Graph: identityuserflowattributeassignment-setorder. */
export const AssignmentOrder = Type.Object({
  newAssignmentOrder: Type.Object({
    '@odata.type': type,
    order: Type.Array(Type.String({ maxLength: 256 }), { maxItems: 200 }),
  }),
})
