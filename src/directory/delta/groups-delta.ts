import { groupResource } from '../groups/group-resource.js'
import { groups } from '../groups/tables.js'
import { columnNames, memberLinks } from './delta-store.js'
import { directoryDelta } from './directory-delta.js'

/** Properties that are made from other columns than one of their own name. */
const MADE_FROM: Record<string, readonly string[]> = {
  groupTypes: ['is_unified', 'is_dynamic'],
  proxyAddresses: ['mail'],
}

/** `/groups/delta`: groups that came, changed, or went, and who came into them or left. */
export const groupsDelta = directoryDelta({
  path: '/groups/delta',
  resource: groupResource,
  table: groups,
  kind: 'group',
  columnsOf: (property) => MADE_FROM[property] ?? columnNames(groups, property),
  links: memberLinks,
  defaultRelations: ['members'],
})
