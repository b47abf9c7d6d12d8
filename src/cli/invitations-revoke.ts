import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'invitations revoke <id> [options]',
  about:
    "Withdraws an invitation and every other pending one of its guest. Their links stop working; the guest's user stays.",
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    await client.post(`/invitations/${encodeURIComponent(argument)}/revoke`)
    io.out(values.json ? json({ id: argument, status: 'Revoked' }) : 'Revoked.\n')
    return EXIT.done
  },
})
