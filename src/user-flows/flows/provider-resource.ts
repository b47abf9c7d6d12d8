import { defineResource, type Entity, type Resource } from '../../graph/odata/resource.js'
import { defineWholeList } from '../../graph/odata/whole-list.js'
import { listIdentityProviders } from '../../sign-in/index.js'

/** Graph: identityProviderBase, as flows refer to it. What one of them has depends on its kind. */
export const providerResource: Resource = {
  ...defineResource<{ id: string }>({
    type: 'microsoft.graph.identityProviderBase',
    baseType: 'microsoft.graph.entity',
    set: 'userFlowIdentityProviders',
    name: 'IdentityProviderBase',
    hasNoSet: true,
    properties: {
      id: { type: 'Edm.String', isDefault: true },
      displayName: { type: 'Edm.String', isDefault: true },
    },
    load: async () => [],
  }),
  async render({ scope }, ids) {
    const all = ids.length === 0 ? [] : await listIdentityProviders(scope)
    return new Map(
      all.flatMap((shown): [string, Entity][] =>
        ids.includes(String(shown['id'])) ? [[String(shown['id']), shown]] : [],
      ),
    )
  },
}

/** Graph's deprecated identityProvider. */
export const oldProviderList = defineWholeList({
  type: 'microsoft.graph.identityProvider',
  set: 'identityProviders',
  name: 'IdentityProvider',
  properties: { id: 'Edm.String', type: 'Edm.String', name: 'Edm.String', clientId: 'Edm.String' },
  further: ['clientSecret'],
})

/** The same as that one has it. */
export function asIdentityProvider(shown: Entity): Entity {
  return {
    id: shown['id'],
    type: shown['identityProviderType'] ?? 'OpenIDConnect',
    name: shown['displayName'],
    clientId: shown['clientId'] ?? null,
    clientSecret: shown['clientSecret'] ?? null,
  }
}
