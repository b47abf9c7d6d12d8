import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { pathOfUser } from './user.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'users delete <id> [options]',
  about:
    'Deletes a user by id, user principal name or address and revokes what invitations of theirs are pending.\nThe user can be restored within 30 days.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    await client.delete(await pathOfUser(client, argument))
    io.out(values.json ? json({ id: argument, deleted: true }) : 'Deleted.\n')
    return EXIT.done
  },
})
