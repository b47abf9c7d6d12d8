import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { idempotencyOf } from '../graph/idempotency.js'
import { baseOf } from '../graph/odata/answer.js'
import { collectionContext, entityContext, nextLink, resourceUrl, valueContext } from '../graph/odata/context.js'
import { decodePageToken, encodePageToken, pageTokenExpired } from '../graph/odata/page-token.js'
import { DEFAULT_PAGE_SIZE, type QueryRules, readQueryOptions } from '../graph/odata/query-options.js'
import { preconditionOf, weakEtag } from '../graph/preferences.js'
import { isGuid } from '../kernel/ids.js'
import { shownSecret } from '../platform/webhook-signature.js'
import { changeSubscription, deleteSubscription, reauthorizeSubscription } from './change-subscription.js'
import { notificationOf } from './content.js'
import { createSubscription } from './create-subscription.js'
import { refusals } from './errors.js'
import type { Needs } from './needs.js'
import { pageOfDeadLetters, pageOfSubscriptions, readSubscription } from './read-subscriptions.js'
import { redeliver } from './redeliver.js'
import { READ_PERMISSIONS } from './rules.js'
import {
  DeadLetterCollection,
  Redelivered,
  Redelivery,
  RotatedSubscription,
  SecretRotation,
  SubscriptionChanges,
  SubscriptionCollection,
  SubscriptionRequest,
  SubscriptionResource,
} from './schema.js'
import { rotateSecret } from './secrets.js'
import { subscriptionResource, versionOf } from './subscription-resource.js'
import type { Subscription } from './tables.js'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Id = Type.Object({ id: Type.String() })
const tags = ['subscriptions']
/** Any permission that lets somebody watch something; which of them is needed depends on what. */
const watching = [...new Set(Object.values(READ_PERMISSIONS).flat())]
const config = { permission: { application: watching, delegated: watching } }
const pages: QueryRules = {
  type: 'microsoft.graph.subscription',
  resource: 'Subscription',
  options: new Set(['top', 'skiptoken']),
  properties: new Set(),
}

/** `/subscriptions` of the Graph dialect. */
const routes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  listRoutes(app, needs)
  itemRoutes(app, needs)
  deadLetterRoutes(app, needs)
}
export default routes

function listRoutes(app: App, needs: Needs): void {
  app.post(
    '/subscriptions',
    {
      config: { ...config, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Subscribe to changes',
        body: SubscriptionRequest,
        response: { 201: SubscriptionResource },
      },
    },
    async (request, reply) => {
      const idempotent = idempotencyOf(request)
      const { subscription, secret } = await createSubscription(needs, request.caller, request.body, idempotent)
      return reply
        .code(201)
        .header('location', resourceUrl(baseOf(request), `/subscriptions/${subscription.id}`))
        .send({ ...entity(request, subscription), notificationSecret: shownSecret(secret) })
    },
  )

  app.get(
    '/subscriptions',
    {
      config: { ...config, query: pages },
      schema: {
        tags,
        summary: 'List the subscriptions of this application',
        response: { 200: SubscriptionCollection },
      },
    },
    async (request) => {
      const { after, most, tokenOf } = readPage(needs, request, '/subscriptions')
      if (after !== undefined && !isGuid(after)) throw pageTokenExpired()
      const { value, hasMore } = await pageOfSubscriptions(needs, request.caller, { after, most })
      const base = baseOf(request)
      return {
        '@odata.context': collectionContext(base, 'subscriptions'),
        ...(hasMore && { '@odata.nextLink': nextLink(base, tokenOf(value.at(-1)?.id)) }),
        value: value.map(subscriptionResource),
      }
    },
  )
}

function itemRoutes(app: App, needs: Needs): void {
  app.get(
    '/subscriptions/:id',
    { config, schema: { tags, summary: 'Read one', params: Id, response: { 200: SubscriptionResource } } },
    async (request, reply) =>
      versioned(request, reply, await readSubscription(needs, request.caller, idOf(request.params))),
  )

  app.patch(
    '/subscriptions/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Renew it',
        params: Id,
        body: SubscriptionChanges,
        response: { 200: SubscriptionResource },
      },
    },
    async (request, reply) => {
      const { caller, body } = request
      const mustBe = preconditionOf(request)
      return versioned(request, reply, await changeSubscription(needs, caller, idOf(request.params), body, mustBe))
    },
  )

  app.delete(
    '/subscriptions/:id',
    { config, schema: { tags, summary: 'End it', params: Id, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await deleteSubscription(needs, request.caller, idOf(request.params), preconditionOf(request))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/subscriptions/:id/reauthorize',
    { config, schema: { tags, summary: 'Confirm that it may go on', params: Id, response: { 204: Type.Null() } } },
    async (request, reply) => {
      await reauthorizeSubscription(needs, request.caller, idOf(request.params))
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/subscriptions/:id/rotateSecret',
    {
      config: { ...config, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Addition: replace the secret that signs; both sign for a while',
        params: Id,
        body: SecretRotation,
        response: { 200: RotatedSubscription },
      },
    },
    async (request) => {
      const wish = request.body ?? {}
      const id = idOf(request.params)
      const { subscription, secret } = await rotateSecret(needs, request.caller, id, wish, idempotencyOf(request))
      return {
        ...entity(request, subscription),
        notificationSecret: shownSecret(secret),
        previousSecretExpirationDateTime: subscription.previousSecretExpirationDateTime?.toISOString() ?? null,
      }
    },
  )
}

function deadLetterRoutes(app: App, needs: Needs): void {
  app.get(
    '/subscriptions/:id/deadLetters',
    {
      config: { ...config, query: pages },
      schema: {
        tags,
        summary: 'Addition: notifications that could not be delivered',
        params: Id,
        response: { 200: DeadLetterCollection },
      },
    },
    async (request) => {
      const id = idOf(request.params)
      const { after, most, tokenOf } = readPage(needs, request, `/subscriptions/${id}/deadLetters`)
      const before = after === undefined ? undefined : Number(after)
      const subscription = await readSubscription(needs, request.caller, id)
      const { value, hasMore } = await pageOfDeadLetters(needs, request.caller, id, { before, most })
      const base = baseOf(request)
      return {
        '@odata.context': collectionContext(base, `subscriptions('${id}')/deadLetters`),
        ...(hasMore && { '@odata.nextLink': nextLink(base, tokenOf(value.at(-1)?.sequence)) }),
        value: value.map((row) => ({
          id: row.id,
          channel: row.channel,
          createdDateTime: row.createdDateTime.toISOString(),
          deadDateTime: row.deadDateTime?.toISOString() ?? '',
          reason: row.reason ?? '',
          notification: notificationOf(subscription, row),
        })),
      }
    },
  )

  app.post(
    '/subscriptions/:id/deadLetters/redeliver',
    {
      config: { ...config, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Addition: send them once more',
        params: Id,
        body: Redelivery,
        response: { 200: Redelivered },
      },
    },
    async (request) => {
      const wish = request.body ?? {}
      const value = await redeliver(needs, request.caller, idOf(request.params), wish, idempotencyOf(request))
      return { '@odata.context': valueContext(baseOf(request), 'Edm.Int32'), value }
    },
  )
}

function idOf({ id }: { id: string }): string {
  if (!isGuid(id)) throw refusals.notFound()
  return id.toLowerCase()
}

function readPage(needs: Needs, request: FastifyRequest, path: string) {
  const options = readQueryOptions(request, pages)
  const key = needs.keys.of('page-token')
  const scope = { tenantId: request.caller.tenantId, path }
  const now = needs.clock().getTime()
  const [after] = options.skipToken ? decodePageToken(needs.keys.all('page-token'), scope, options.skipToken, now) : []
  return {
    after: after === undefined ? undefined : String(after),
    most: options.top ?? DEFAULT_PAGE_SIZE,
    tokenOf: (last: string | number | undefined) => encodePageToken(key, scope, [last ?? null], now),
  }
}

function entity(request: FastifyRequest, subscription: Subscription) {
  return { '@odata.context': entityContext(baseOf(request), 'subscriptions'), ...subscriptionResource(subscription) }
}

function versioned(request: FastifyRequest, reply: FastifyReply, subscription: Subscription) {
  reply.header('etag', weakEtag(versionOf(subscription)))
  return entity(request, subscription)
}
