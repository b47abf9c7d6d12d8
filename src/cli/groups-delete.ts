import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'groups delete <id> [options]',
  about: 'Deletes a group. It can be restored within 30 days, with its members and owners.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    await client.delete(`/groups/${encodeURIComponent(argument)}`)
    io.out(values.json ? json({ id: argument, deleted: true }) : 'Deleted.\n')
    return EXIT.done
  },
})
