import { type Client, openClient, pathOfLink } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import type { Invitation } from './invitation.js'
import { json, printable, shortDateTime } from './text.js'
import { defineVerb } from './verb.js'

type Page = { value: Invitation[]; '@odata.nextLink'?: string }

const STATUSES = ['PendingAcceptance', 'Completed', 'Expired', 'Revoked', 'Error']
const DEFAULT_TOP = 25
/** Graph's largest page. */
const LARGEST_PAGE = 999

export default defineVerb({
  synopsis: 'invitations list [options]',
  about: 'Lists invitations, newest first.',
  options: {
    status: { type: 'string', value: 'STATUS', help: `Only those: ${STATUSES.join(', ')}.` },
    address: { type: 'string', value: 'ADDRESS', help: 'Only those of this address.' },
    top: { type: 'string', value: 'N', help: `How many at most; ${DEFAULT_TOP} unless set.` },
    all: { type: 'boolean', help: 'All of them, page after page.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['invitations list --status PendingAcceptance --all', 'invitations list --address ana@partner.example'],
  async run({ values }, io) {
    if (values.all && values.top !== undefined) throw wrongUsage('Give --top or --all, not both.')
    const most = values.all ? Number.POSITIVE_INFINITY : topOf(values.top)
    const path = pathOf(filterOf(values.status, values.address), most)
    const client = await openClient(values.profile, io)
    if (values.json) {
      const value: Invitation[] = []
      for await (const page of pagesOf(client, path, most)) value.push(...page.value)
      io.out(json({ value }))
      return EXIT.done
    }
    let isMore = false
    io.out(line('ID', 'STATUS', 'MAIL', 'CREATED', 'ADDRESS'))
    for await (const page of pagesOf(client, path, most)) {
      io.out(page.value.map(row).join(''))
      isMore = page.isMore
    }
    if (isMore) io.err(`There are more; --all lists them all.\n`)
    return EXIT.done
  },
})

function topOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_TOP
  if (!/^[1-9]\d{0,6}$/.test(text)) throw wrongUsage(`--top: '${text}' is not a number of 1 or more.`)
  return Number(text)
}

function filterOf(status: string | undefined, address: string | undefined): string | undefined {
  const known = STATUSES.find((name) => name.toLowerCase() === status?.toLowerCase())
  if (status !== undefined && known === undefined) throw wrongUsage(`--status: give one of ${STATUSES.join(', ')}.`)
  const conditions = [
    ...(known === undefined ? [] : [`status eq '${known}'`]),
    ...(address === undefined ? [] : [`invitedUserEmailAddress eq '${address.replaceAll("'", "''")}'`]),
  ]
  return conditions.length === 0 ? undefined : conditions.join(' and ')
}

function pathOf(filter: string | undefined, most: number): string {
  const query = new URLSearchParams({ $top: String(Math.min(most, LARGEST_PAGE)) })
  if (filter !== undefined) query.set('$filter', filter)
  return `/invitations?${query}`
}

/** Pages until `most` invitations were seen; `isMore` tells whether the service has further ones. */
async function* pagesOf(
  client: Client,
  first: string,
  most: number,
): AsyncGenerator<{ value: Invitation[]; isMore: boolean }> {
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

function row({ id, status, delivery, createdDateTime, invitedUserEmailAddress }: Invitation): string {
  return line(id, status, delivery?.state ?? '-', shortDateTime(createdDateTime), invitedUserEmailAddress)
}

function line(id: string, status: string, mail: string, created: string, address: string): string {
  return `${id.padEnd(36)}  ${status.padEnd(17)}  ${mail.padEnd(10)}  ${created.padEnd(17)}  ${printable(address)}\n`
}
