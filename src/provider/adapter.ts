import { randomBytes } from 'node:crypto'
import Provider, { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider'
import { findClient, isLive } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import { later } from '../kernel/instant.js'
import { exchangeOf } from './exchange.js'
import type { ProviderNeeds } from './needs.js'
import { deleteState, findState, insertState } from './store.js'

type Needs = Pick<ProviderNeeds, 'database' | 'clock'>

// The library wants a secret in the metadata of a client that authenticates with one. Ours are compared as HMACs
// (`isSecretOf`), so what stands here is random and opens nothing.
const NOT_A_SECRET = randomBytes(32).toString('base64url')

/** Connects `oidc-provider` to the tenant's clients and to what must be remembered between requests. */
export function createAdapterFactory(needs: Needs, tenantId: string): AdapterFactory {
  return (model) => ({ ...unused(model), ...(model === 'Client' ? clients(needs) : state(needs, tenantId, model)) })
}

/**
 * Clients, described anew for each request by the method of authentication it presents: the library allows one method
 * per client, we allow each on every client. An unknown or disabled client is described too, as one without any live
 * credential, so that it fails in the same place and with the same answer as a wrong secret.
 */
function clients(needs: Needs): Pick<Adapter, 'find'> {
  return {
    async find(clientId) {
      const ctx = Provider.ctx
      const exchange = exchangeOf(ctx?.req)
      const found = isGuid(clientId) ? await findClient(needs.database.sql, exchange.tenant.id, clientId) : undefined
      exchange.client = found?.accountEnabled ? found : undefined
      const common = {
        client_id: exchange.client?.appId ?? 'unknown',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      }
      const { client_assertion: assertion } = ctx?.oidc.params ?? {}
      if (assertion === undefined) {
        return { ...common, token_endpoint_auth_method: 'client_secret_post', client_secret: NOT_A_SECRET }
      }
      const now = needs.clock()
      const live = (exchange.client?.credentials ?? []).filter((credential) => isLive(credential, now))
      const keys = live.flatMap(({ publicJwk }) => (publicJwk ? [{ ...publicJwk }] : []))
      return { ...common, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }
    },
  }
}

/** Everything else is a row until it expires. Two requests with one assertion both look before they write: one wins. */
function state({ database, clock }: Needs, tenantId: string, model: string): Partial<Adapter> {
  return {
    async upsert(id, payload, expiresIn) {
      const expiresAt = expiresIn ? later(clock(), expiresIn * 1_000) : null
      const isNew = await insertState(database, tenantId, { model, id, payload: { ...payload }, expiresAt })
      if (!isNew) throw new errors.InvalidClientAuth(`${model} ${id} was seen before`)
    },
    find: async (id) => (await findState(database, tenantId, model, id)) as AdapterPayload | undefined,
    destroy: (id) => deleteState(database, tenantId, model, id),
  }
}

function unused(model: string): Adapter {
  const never = () => Promise.reject(new Error(`the provider keeps no ${model} yet`))
  return {
    upsert: never,
    find: never,
    findByUserCode: never,
    findByUid: never,
    consume: never,
    destroy: never,
    revokeByGrantId: never,
  }
}
