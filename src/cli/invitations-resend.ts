import { randomUUID } from 'node:crypto'
import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import type { Invitation } from './invitation.js'
import { json, printable } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'invitations resend <id> [options]',
  about: 'Sends the mail of a pending invitation once more, at most once a minute. Links of earlier mails stay good.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const path = `/invitations/${encodeURIComponent(argument)}/resend`
    const invitation = await client.post<Invitation>(path, undefined, { 'idempotency-key': randomUUID() })
    io.out(values.json ? json(invitation) : `Resent to ${printable(invitation.invitedUserEmailAddress)}.\n`)
    return EXIT.done
  },
})
