import { permissions } from '../graph/permissions.js'
import type { Api, AppRole } from './schema.js'

/** Graph's roles as those of an application: names and ids are the same in every tenant. */
export const graphRoles: readonly AppRole[] = permissions.flatMap(({ name, application: id }) =>
  id === undefined
    ? []
    : [{ id, value: name, displayName: name, description: name, isEnabled: true, allowedMemberTypes: ['Application'] }],
)

/** Graph's scopes: what a client may do for a signed-in person. */
export const graphApi: Api = {
  oauth2PermissionScopes: permissions.flatMap(({ name, delegated: id }) =>
    id === undefined
      ? []
      : [
          {
            id,
            value: name,
            type: name.endsWith('.All') ? 'Admin' : 'User',
            isEnabled: true,
            adminConsentDescription: name,
            adminConsentDisplayName: name,
            userConsentDescription: name,
            userConsentDisplayName: name,
          },
        ],
  ),
}
