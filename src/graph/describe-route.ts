import type { SwaggerTransform, SwaggerTransformObject } from '@fastify/swagger'
import { Type } from '@sinclair/typebox'
import type { PermissionSets, RoutePermission } from './access.js'
import type { OptionName } from './odata/query-options.js'
import { CollectionBody, EntityBody } from './odata/schema.js'

/** Graph's error body, which every route of the dialect answers when it says no. */
export const graphError = Type.Object(
  {
    error: Type.Object({
      code: Type.String({ description: "Graph's code: branch on this one." }),
      message: Type.String(),
      target: Type.Optional(Type.String({ description: 'The property that is meant.' })),
      details: Type.Optional(
        Type.Array(Type.Object({ code: Type.String(), message: Type.String(), target: Type.Optional(Type.String()) })),
      ),
      innerError: Type.Object({
        code: Type.Optional(Type.String({ description: 'Addition. A finer code, such as domainNotAllowed.' })),
        date: Type.String({ description: 'UTC, without a zone.' }),
        'request-id': Type.String(),
        'client-request-id': Type.String(),
      }),
    }),
  },
  { $id: 'error' },
)

const OPTIONS: Record<OptionName, ReturnType<typeof Type.String | typeof Type.Integer | typeof Type.Boolean>> = {
  select: Type.String({ description: 'Names of properties with commas.' }),
  filter: Type.String({ description: "A condition such as status eq 'PendingAcceptance'." }),
  orderby: Type.String({ description: 'A property, and desc for descending order.' }),
  top: Type.Integer({ minimum: 1, maximum: 999, description: 'How many on a page, 100 unless set.' }),
  skiptoken: Type.String({ description: 'Part of @odata.nextLink: follow that link.' }),
  count: Type.Boolean({ description: 'Count everything that matches.' }),
  search: Type.String(),
  expand: Type.String({ description: 'A relation to include.' }),
  format: Type.String({ description: 'json, which is the only one.' }),
}

const IDEMPOTENCY_KEY = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'Addition. The same key and body within 24 hours get the same answer; another body gets a 422.',
    }),
  ),
})

/**
 * Adds to a route's schema what its configuration says: permissions, query options, how errors look, and what stands in
 * answers of these entity types, which the schemas that write them leave open.
 */
export const describeRoutes =
  (types: ReadonlySet<string>): SwaggerTransform =>
  ({ schema, url, route }) => {
    // The same routes once more.
    if (url.startsWith('/beta/')) return { schema: { ...schema, hide: true }, url }
    const { permission, query, shows, takesIdempotencyKey } = route.config ?? {}
    if (permission === undefined || permission === 'public') return { schema, url }
    const type = shows ?? query?.type
    const answers = type !== undefined && types.has(type) ? withType(schema.response, type) : schema.response
    const described = {
      ...schema,
      description: whoMayCall(permission),
      response: { ...(answers as object), default: { $ref: 'error#', description: 'Any refusal or failure.' } },
      ...(takesIdempotencyKey && { headers: IDEMPOTENCY_KEY }),
      ...(query && { querystring: optionsOf(query.options) }),
    }
    return { schema: described, url: withNamedKey(url) }
  }

/** The answers with the entity type in the place of what is open in them. */
function withType(response: unknown, type: string): Record<string, unknown> {
  const entity = { $ref: `${type}#` }
  return Object.fromEntries(
    Object.entries(response ?? {}).map(([status, body]) => {
      if (body === EntityBody) return [status, { allOf: [OPEN_ENTITY, entity] }]
      if (body === CollectionBody)
        return [
          status,
          { ...CollectionBody, properties: { ...CollectionBody.properties, value: { type: 'array', items: entity } } },
        ]
      return [status, body]
    }),
  )
}

/** What answers have of their own, whatever they show. */
const OPEN_ENTITY = { type: 'object', properties: { '@odata.context': { type: 'string' } } }

/**
 * `/groups(uniqueName='{uniqueName}')` as Graph's document writes it. The parentheses travel encoded, since the library
 * takes an opening one for a pattern; `withParentheses` puts them back.
 */
function withNamedKey(url: string): string {
  return url.replace(/\((\w+)=':(\w+)\(.*\)'\)/, "%28$1='{$2}'%29")
}

/** The document with the parentheses of alternate keys in its paths. */
export const withParentheses: SwaggerTransformObject = (document) => {
  if (!('openapiObject' in document)) return document.swaggerObject
  const { paths = {}, ...rest } = document.openapiObject
  const named = Object.entries(paths).map(([path, item]) => [path.replace(/%28/g, '(').replace(/%29/g, ')'), item])
  return { ...rest, paths: Object.fromEntries(named) }
}

function optionsOf(names: ReadonlySet<OptionName>) {
  return Type.Object(Object.fromEntries([...names].map((name) => [`$${name}`, Type.Optional(OPTIONS[name])])))
}

function whoMayCall(permission: Exclude<RoutePermission, 'public'>): string {
  if (permission === 'authenticated') return 'Any access token.'
  const { application, delegated } = permission
  return [
    application && `Application permissions, one of: ${listed(application)}.`,
    delegated && `Delegated permissions, one of: ${listed(delegated)}.`,
  ]
    .filter(Boolean)
    .join(' ')
}

function listed(anyOf: PermissionSets): string {
  return anyOf.map((entry) => (typeof entry === 'string' ? entry : entry.join(' with '))).join(', ')
}
