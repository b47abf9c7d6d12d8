import { randomUUID } from 'node:crypto'
import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'subscriptions redeliver <subscription> [options]',
  about: 'Sends dead letters of a subscription once more, for another 4 hours.',
  argument: '<subscription>',
  options: {
    'dead-letter': { type: 'string', value: 'ID', multiple: true, help: 'Only this one; all of them unless given.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const ids = values['dead-letter']
    const path = `/subscriptions/${encodeURIComponent(argument)}/deadLetters/redeliver`
    const body = ids.length > 0 ? { ids } : {}
    const { value } = await client.post<{ value: number }>(path, body, { 'idempotency-key': randomUUID() })
    io.out(values.json ? json({ id: argument, redelivered: value }) : `${value} to be sent once more.\n`)
    return EXIT.done
  },
})
