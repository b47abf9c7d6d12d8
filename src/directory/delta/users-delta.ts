import { readManagers } from '../relations-store.js'
import { users } from '../tables.js'
import { userResource } from '../user-resource.js'
import { columnNames } from './delta-store.js'
import { directoryDelta } from './directory-delta.js'

/** Properties that are made from other columns than one of their own name. */
const MADE_FROM: Record<string, readonly string[]> = {
  proxyAddresses: ['mail'],
  otherMails: ['other_mails', 'mail'],
  // Whatever writes identities changes the state or the name with them.
  identities: ['external_user_state', 'user_principal_name'],
  employeeOrgData: ['employee_cost_center', 'employee_division'],
  onPremisesExtensionAttributes: ['extension_attributes'],
}

/** `/users/delta`: users who came, changed, or went. */
export const usersDelta = directoryDelta({
  path: '/users/delta',
  resource: userResource,
  table: users,
  kind: 'user',
  columnsOf: (property) => MADE_FROM[property] ?? columnNames(users, property),
  single: {
    name: 'manager',
    column: 'manager_id',
    async read({ scope }, ids) {
      const managers = await readManagers(scope, ids)
      return new Map([...managers].map(([id, manager]) => [id, { id: manager, type: 'microsoft.graph.user' }]))
    },
  },
  defaultRelations: [],
})
