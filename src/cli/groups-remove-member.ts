import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'groups remove-member <id> --member ID [options]',
  about: 'Removes a user or group from a group. Neither is deleted.',
  argument: '<id>',
  options: {
    member: { type: 'string', value: 'ID', required: true, help: 'The user or group to remove.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    await client.delete(`/groups/${encodeURIComponent(argument)}/members/${encodeURIComponent(values.member)}/$ref`)
    io.out(values.json ? json({ id: argument, member: values.member, removed: true }) : 'Removed.\n')
    return EXIT.done
  },
})
