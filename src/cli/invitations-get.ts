import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { describe, type Invitation } from './invitation.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'invitations get <id> [options]',
  about: 'Shows an invitation with its delivery and history.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const invitation = await client.get<Invitation>(`/invitations/${encodeURIComponent(argument)}`)
    io.out(values.json ? json(invitation) : describe(invitation))
    return EXIT.done
  },
})
