import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { GROUP_PROPERTIES, type Group, groupLine, kindOf } from './group.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'groups list [options]',
  about: 'Lists groups.',
  options: {
    name: { type: 'string', value: 'TEXT', help: 'Only those whose name starts with this.' },
    ...listOptions,
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['groups list --name Project', 'groups list --all --json'],
  async run({ values }, io) {
    const most = mostOf(values)
    const $filter =
      values.name === undefined ? undefined : `startsWith(displayName,'${values.name.replaceAll("'", "''")}')`
    const path = listPath('/groups', most, { $filter, $select: GROUP_PROPERTIES.join(',') })
    const client = await openClient(values.profile, io)
    const table = { heading: groupLine('ID', 'KIND', 'NAME'), row }
    await printList<Group>({ client, path, most }, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function row(group: Group): string {
  return groupLine(group.id, kindOf(group), group.displayName)
}
