import { defineResource, type Property } from '../../graph/odata/resource.js'
import { rootOf } from '../rules.js'
import { type DomainRow, listDomains } from './store.js'

const flag = (read: (row: DomainRow) => boolean): Property<DomainRow> => ({
  type: 'Edm.Boolean',
  isDefault: true,
  read,
})
const absent = (type: Property<DomainRow>['type']): Property<DomainRow> => ({ type, isDefault: true, read: () => null })

/** Graph: domain. All of it is answered unless less is asked for. */
export const domainResource = defineResource<DomainRow>({
  type: 'microsoft.graph.domain',
  baseType: 'microsoft.graph.entity',
  set: 'domains',
  name: 'Domain',
  properties: {
    authenticationType: { type: 'Edm.String', isDefault: true, read: () => 'Managed' },
    availabilityStatus: absent('Edm.String'),
    id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id },
    isAdminManaged: flag(() => true),
    isDefault: flag((row) => row.isDefault),
    isInitial: flag((row) => row.isInitial),
    isRoot: {
      type: 'Edm.Boolean',
      isDefault: true,
      async load(_rows, { scope }) {
        const all = await listDomains(scope)
        return (row) => rootOf(row, all) === row.id
      },
    },
    isVerified: flag((row) => row.isVerified),
    manufacturer: absent('Edm.String'),
    model: absent('Edm.String'),
    passwordNotificationWindowInDays: absent('Edm.Int32'),
    passwordValidityPeriodInDays: absent('Edm.Int32'),
    state: absent('microsoft.graph.domainState'),
    supportedServices: {
      type: 'Edm.String',
      isCollection: true,
      isDefault: true,
      read: (row) => row.supportedServices,
    },
  },
  load: async ({ scope }, ids) => (await listDomains(scope)).filter(({ id }) => ids.includes(id)),
})
