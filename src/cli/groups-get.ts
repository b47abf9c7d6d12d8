import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { GROUP_PROPERTIES, type Group, groupFacts } from './group.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'groups get <id> [options]',
  about: 'Shows a group.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const select = GROUP_PROPERTIES.join(',')
    const group = await client.get<Group>(`/groups/${encodeURIComponent(argument)}?$select=${select}`)
    io.out(values.json ? json(group) : groupFacts(group))
    return EXIT.done
  },
})
