import { defineResource } from '../graph/odata/resource.js'

/**
 * Graph: directoryObject, what users and groups have in common. Never shown as such: lists of it name what each item
 * really is as `variants`.
 */
export const directoryObjectResource = defineResource<{ id: string }>({
  type: 'microsoft.graph.directoryObject',
  baseType: 'microsoft.graph.entity',
  set: 'directoryObjects',
  name: 'DirectoryObject',
  properties: {
    id: { type: 'Edm.String', isDefault: true, read: ({ id }) => id },
    deletedDateTime: { type: 'Edm.DateTimeOffset' },
  },
  load: async () => [],
})
