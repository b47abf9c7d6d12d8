import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { GROUP_PROPERTIES, type Group, groupLine, kindOf } from './group.js'
import { listOptions, listPath, mostOf, pagesOf } from './pages.js'
import { json } from './text.js'
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
    if (values.json) {
      const value: Group[] = []
      for await (const page of pagesOf<Group>(client, path, most)) value.push(...page.value)
      io.out(json({ value }))
      return EXIT.done
    }
    let isMore = false
    io.out(groupLine('ID', 'KIND', 'NAME'))
    for await (const page of pagesOf<Group>(client, path, most)) {
      io.out(page.value.map((group) => groupLine(group.id, kindOf(group), group.displayName)).join(''))
      isMore = page.isMore
    }
    if (isMore) io.err('There are more; --all lists them all.\n')
    return EXIT.done
  },
})
