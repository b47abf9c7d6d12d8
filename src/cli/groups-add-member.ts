import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'groups add-member <id> --member ID [options]',
  about: 'Adds a user or group to a group.',
  argument: '<id>',
  options: {
    member: { type: 'string', value: 'ID', required: true, help: 'The user or group to add.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    await client.post(`/groups/${encodeURIComponent(argument)}/members/$ref`, {
      '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${values.member}`,
    })
    io.out(values.json ? json({ id: argument, member: values.member, added: true }) : 'Added.\n')
    return EXIT.done
  },
})
