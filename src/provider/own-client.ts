import { createHash } from 'node:crypto'
import type { Client, RelyingParty } from '../applications/index.js'
import { randomToken } from '../platform/crypto.js'

/** Entra: My Apps. Our own application: there in every organization, and a row in none. */
const MY_APPS_APP_ID = '2793995e-0a7d-40d7-bd35-6968ba142197'

/** Where signing in to our own pages ends. */
export const SIGNED_IN_PATH = '/myapps/signed-in'

const VERIFIER_BYTES = 32

/**
 * My Apps as the provider sees an application, undefined for every other id. It has no secret and one address, on the
 * origin that is asked; nobody needs to be assigned, and it can do nothing without a person.
 */
export function ownClient(appId: string, origin: string): { client: Client; party: RelyingParty } | undefined {
  if (appId !== MY_APPS_APP_ID) return undefined
  return {
    client: {
      applicationId: appId,
      appId,
      servicePrincipalId: appId,
      displayName: 'My Apps',
      accountEnabled: true,
      permissions: [],
      tokensValidFrom: null,
      credentials: [],
    },
    party: {
      web: [],
      spa: [`${origin}${SIGNED_IN_PATH}`],
      publicClient: [],
      logoutUrl: null,
      backChannelLogoutUrl: null,
      homePageUrl: `${origin}/myapps`,
      takesPublicClients: false,
      isAssignmentRequired: false,
      roles: [],
      toldGroups: 'none',
      requested: [],
    },
  }
}

/**
 * Where a browser signs in to our own pages: the way of every application, so that homes, second steps, invitations on
 * the way and the log are the same. `state` comes back with it. What counts afterwards is the browser's session; the code
 * is of no use to anybody, since its verifier is thrown away here.
 */
export function myAppsSignInPath(tenantId: string, origin: string, state: string): string {
  const verifier = randomToken(VERIFIER_BYTES).toString('base64url')
  const query = new URLSearchParams({
    client_id: MY_APPS_APP_ID,
    response_type: 'code',
    redirect_uri: `${origin}${SIGNED_IN_PATH}`,
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state,
  })
  return `/${tenantId}/oauth2/v2.0/authorize?${query}`
}
