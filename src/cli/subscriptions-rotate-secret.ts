import { randomUUID } from 'node:crypto'
import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import { facts, json, readDuration, shortDateTime } from './text.js'
import { defineVerb } from './verb.js'

type Rotated = { id: string; notificationSecret: string; previousSecretExpirationDateTime: string | null }

export default defineVerb({
  synopsis: 'subscriptions rotate-secret <subscription> [options]',
  about: `Gives a subscription a new secret, which is shown once. The old one signs as well for a while, so that receivers
can change over.`,
  argument: '<subscription>',
  options: {
    'old-for': { type: 'string', value: 'TIME', help: 'How long, such as 2h or 7d; 0 ends it now. 24h unless set.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const ms = readDuration(values['old-for'] ?? '24h')
    if (ms === undefined) throw wrongUsage(`--old-for: '${values['old-for']}' is no time. Give one such as 2h or 7d.`)
    const client = await openClient(values.profile, io)
    // A second less than asked for: the longest time there is must not fail for a clock that is ahead.
    const body = { previousSecretExpirationDateTime: new Date(Date.now() + ms - 1_000).toISOString() }
    const path = `/subscriptions/${encodeURIComponent(argument)}/rotateSecret`
    const made = await client.post<Rotated>(path, body, { 'idempotency-key': randomUUID() })
    const until = made.previousSecretExpirationDateTime
    const rows = [
      ['id', made.id],
      ['secret', made.notificationSecret],
      ['old secret', until === null ? 'over' : `good until ${shortDateTime(until)}`],
    ] as const
    io.out(values.json ? json(made) : `Rotated\n${facts(rows)}`)
    return EXIT.done
  },
})
