import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable } from './text.js'
import { defineVerb } from './verb.js'

type User = {
  id: string
  displayName: string
  mail: string | null
  userPrincipalName: string
  userType: string
  accountEnabled: boolean
  externalUserState: string | null
}

const SELECT = 'id,displayName,mail,userPrincipalName,userType,accountEnabled,externalUserState'
const TYPES = ['Guest', 'Member']
const STATES = ['PendingAcceptance', 'Accepted']

export default defineVerb({
  synopsis: 'users list [options]',
  about: 'Lists users.',
  options: {
    type: { type: 'string', value: 'TYPE', help: `Only those: ${TYPES.join(' or ')}.` },
    state: { type: 'string', value: 'STATE', help: `Only guests in that state: ${STATES.join(' or ')}.` },
    mail: { type: 'string', value: 'ADDRESS', help: 'Only who has this address.' },
    filter: { type: 'string', value: 'FILTER', help: 'Any $filter, such as accountEnabled eq false.' },
    ...listOptions,
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['users list --type Guest --state PendingAcceptance --all', 'users list --mail ana@partner.example --json'],
  async run({ values }, io) {
    const most = mostOf(values)
    const path = listPath('/users', most, { $filter: filterOf(values), $select: SELECT })
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'TYPE', 'STATE', 'ENABLED', 'NAME', 'ADDRESS'), row }
    await printList<User>({ client, path, most }, values.json ? undefined : table, io)
    return EXIT.done
  },
})

type Wishes = Partial<Record<'type' | 'state' | 'mail' | 'filter', string | undefined>>

function filterOf({ type, state, mail, filter }: Wishes): string | undefined {
  const conditions = [
    ...(type === undefined ? [] : [`userType eq '${oneOf('--type', TYPES, type)}'`]),
    ...(state === undefined ? [] : [`externalUserState eq '${oneOf('--state', STATES, state)}'`]),
    ...(mail === undefined ? [] : [`mail eq '${mail.replaceAll("'", "''")}'`]),
    ...(filter === undefined ? [] : [`(${filter})`]),
  ]
  return conditions.length === 0 ? undefined : conditions.join(' and ')
}

function oneOf(option: string, names: string[], given: string): string {
  const known = names.find((name) => name.toLowerCase() === given.toLowerCase())
  if (known === undefined) throw wrongUsage(`${option}: give one of ${names.join(', ')}.`)
  return known
}

function row({ id, userType, externalUserState, accountEnabled, displayName, mail, userPrincipalName }: User): string {
  return line(
    id,
    userType,
    externalUserState ?? '-',
    accountEnabled ? 'yes' : 'no',
    displayName,
    mail ?? userPrincipalName,
  )
}

function line(id: string, type: string, state: string, enabled: string, name: string, address: string): string {
  const cells = [id.padEnd(36), type.padEnd(6), state.padEnd(17), enabled.padEnd(7), printable(name).padEnd(24)]
  return `${cells.join('  ')}  ${printable(address)}\n`
}
