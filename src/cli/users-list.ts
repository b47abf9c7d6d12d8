import { type Client, openClient, pathOfLink } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import { json, printable } from './text.js'
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
type Page = { value: User[]; '@odata.nextLink'?: string }

const SELECT = 'id,displayName,mail,userPrincipalName,userType,accountEnabled,externalUserState'
const TYPES = ['Guest', 'Member']
const STATES = ['PendingAcceptance', 'Accepted']
const DEFAULT_TOP = 25
/** Graph's largest page. */
const LARGEST_PAGE = 999

export default defineVerb({
  synopsis: 'users list [options]',
  about: 'Lists users.',
  options: {
    type: { type: 'string', value: 'TYPE', help: `Only those: ${TYPES.join(' or ')}.` },
    state: { type: 'string', value: 'STATE', help: `Only guests in that state: ${STATES.join(' or ')}.` },
    mail: { type: 'string', value: 'ADDRESS', help: 'Only who has this address.' },
    filter: { type: 'string', value: 'FILTER', help: 'Any $filter, such as accountEnabled eq false.' },
    top: { type: 'string', value: 'N', help: `How many at most; ${DEFAULT_TOP} unless set.` },
    all: { type: 'boolean', help: 'All of them, page after page.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['users list --type Guest --state PendingAcceptance --all', 'users list --mail ana@partner.example --json'],
  async run({ values }, io) {
    if (values.all && values.top !== undefined) throw wrongUsage('Give --top or --all, not both.')
    const most = values.all ? Number.POSITIVE_INFINITY : topOf(values.top)
    const path = pathOf(filterOf(values), most)
    const client = await openClient(values.profile, io)
    if (values.json) {
      const value: User[] = []
      for await (const page of pagesOf(client, path, most)) value.push(...page.value)
      io.out(json({ value }))
      return EXIT.done
    }
    let isMore = false
    io.out(line('ID', 'TYPE', 'STATE', 'ENABLED', 'NAME', 'ADDRESS'))
    for await (const page of pagesOf(client, path, most)) {
      io.out(page.value.map(row).join(''))
      isMore = page.isMore
    }
    if (isMore) io.err('There are more; --all lists them all.\n')
    return EXIT.done
  },
})

function topOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOP
  if (!/^[1-9]\d{0,6}$/.test(text)) throw wrongUsage(`--top: '${text}' is not a number of 1 or more.`)
  return Number(text)
}

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

function pathOf(filter: string | undefined, most: number): string {
  const query = new URLSearchParams({ $select: SELECT, $top: String(Math.min(most, LARGEST_PAGE)) })
  if (filter !== undefined) query.set('$filter', filter)
  return `/users?${query}`
}

/** Pages until `most` users were seen; `isMore` tells whether the service has further ones. */
async function* pagesOf(
  client: Client,
  first: string,
  most: number,
): AsyncGenerator<{ value: User[]; isMore: boolean }> {
  let path: string | undefined = first
  let left = most
  while (path !== undefined && left > 0) {
    const page: Page = await client.get<Page>(path)
    const value = page.value.slice(0, left)
    const link = page['@odata.nextLink']
    yield { value, isMore: link !== undefined || value.length < page.value.length }
    left -= value.length
    path = link === undefined ? undefined : pathOfLink(link)
  }
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
