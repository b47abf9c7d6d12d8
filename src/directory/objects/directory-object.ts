import { defineResource } from '../../graph/odata/resource.js'

/** Graph: directoryObject, the declared type of lists that hold several. What stands in them is always more than that. */
export const directoryObjectResource = defineResource<{ id: string }>({
  type: 'microsoft.graph.directoryObject',
  baseType: 'microsoft.graph.entity',
  set: 'directoryObjects',
  name: 'DirectoryObject',
  properties: {
    id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id },
    deletedDateTime: { type: 'Edm.DateTimeOffset', isDefault: true, read: () => null },
  },
  load: async () => [],
})
