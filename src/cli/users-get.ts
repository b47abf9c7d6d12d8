import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { facts, json } from './text.js'
import { defineVerb } from './verb.js'

const PROPERTIES = [
  'id',
  'userPrincipalName',
  'displayName',
  'mail',
  'userType',
  'accountEnabled',
  'externalUserState',
  'createdDateTime',
]

export default defineVerb({
  synopsis: 'users get <id> [options]',
  about: 'Shows a user by id or user principal name.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const path = `/users/${encodeURIComponent(argument)}?$select=${PROPERTIES.join(',')}`
    const user = await client.get<Record<string, unknown>>(path)
    const rows = PROPERTIES.map((name) => [name, textOf(user[name])] as const)
    io.out(values.json ? json(user) : facts(rows))
    return EXIT.done
  },
})

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
