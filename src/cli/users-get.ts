import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { facts, json } from './text.js'
import { pathOfUser } from './user.js'
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
  about: 'Shows a user by id, user principal name or address.',
  argument: '<id>',
  options: remoteOptions,
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const client = await openClient(values.profile, io)
    const path = await pathOfUser(client, argument)
    const user = await client.get<Record<string, unknown>>(`${path}?$select=${PROPERTIES.join(',')}`)
    const rows = PROPERTIES.map((name) => [name, textOf(user[name])] as const)
    io.out(values.json ? json(user) : facts(rows))
    return EXIT.done
  },
})

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}
