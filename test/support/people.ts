import { assignDirectoryRole, insertUser } from '../../src/directory/index.js'
import { applicationPermissions } from '../../src/graph/permissions.js'
import type { TestService } from './service.js'
import { signTestToken } from './tokens.js'

/** A person of the organization who can be a delegated caller. */
export async function person(
  service: TestService,
  name: string,
  about: { userType?: 'Member' | 'Guest'; role?: string; accountEnabled?: boolean } = {},
): Promise<string> {
  const { services, tenantId } = service
  const id = services.newId()
  const { userType = 'Member', role, accountEnabled = true } = about
  await services.database.withTenant(tenantId, async (scope) => {
    await insertUser(scope, {
      tenantId,
      id,
      userPrincipalName: `${name}@contoso.example`,
      displayName: name,
      mail: `${name}@contoso.example`,
      mailFolded: `${name}@contoso.example`,
      mailNickname: name,
      userType,
      accountEnabled,
      createdDateTime: services.clock(),
    })
    if (role) await assignDirectoryRole(scope, id, role, services.clock())
  })
  return id
}

/** A token of the client with every permission that outlives any move of the clock (access tokens live 30 minutes). */
export async function lastingToken(service: TestService): Promise<string> {
  const { services, baseUrl, tenantId, clientId } = service
  const [client] = await service.rows(`select service_principal_id from applications where app_id = '${clientId}'`)
  return signTestToken(services.signingKeys, baseUrl, {
    tenantId,
    clientId,
    userId: client?.['service_principal_id'],
    scopes: [],
    claims: { idtyp: 'app', roles: applicationPermissions, scp: undefined, exp: Date.UTC(2100, 0) / 1_000 },
  })
}

/** The same for a person. */
export function lastingUserToken(service: TestService, userId: string, scopes: readonly string[]): Promise<string> {
  const { services, baseUrl, tenantId, clientId } = service
  const claims = { exp: Date.UTC(2100, 0) / 1_000 }
  return signTestToken(services.signingKeys, baseUrl, { tenantId, clientId, userId, scopes, claims })
}
