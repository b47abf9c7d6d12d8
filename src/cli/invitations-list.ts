import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import type { Invitation } from './invitation.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable, shortDateTime } from './text.js'
import { defineVerb } from './verb.js'

const STATUSES = ['PendingAcceptance', 'Completed', 'Expired', 'Revoked', 'Error']

export default defineVerb({
  synopsis: 'invitations list [options]',
  about: 'Lists invitations, newest first.',
  options: {
    status: { type: 'string', value: 'STATUS', help: `Only those: ${STATUSES.join(', ')}.` },
    address: { type: 'string', value: 'ADDRESS', help: 'Only those of this address.' },
    ...listOptions,
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['invitations list --status PendingAcceptance --all', 'invitations list --address ana@partner.example'],
  async run({ values }, io) {
    const most = mostOf(values)
    const path = listPath('/invitations', most, { $filter: filterOf(values.status, values.address) })
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'STATUS', 'MAIL', 'CREATED', 'ADDRESS'), row }
    await printList<Invitation>({ client, path, most }, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function filterOf(status: string | undefined, address: string | undefined): string | undefined {
  const known = STATUSES.find((name) => name.toLowerCase() === status?.toLowerCase())
  if (status !== undefined && known === undefined) throw wrongUsage(`--status: give one of ${STATUSES.join(', ')}.`)
  const conditions = [
    ...(known === undefined ? [] : [`status eq '${known}'`]),
    ...(address === undefined ? [] : [`invitedUserEmailAddress eq '${address.replaceAll("'", "''")}'`]),
  ]
  return conditions.length === 0 ? undefined : conditions.join(' and ')
}

function row({ id, status, delivery, createdDateTime, invitedUserEmailAddress }: Invitation): string {
  return line(id, status, delivery?.state ?? '-', shortDateTime(createdDateTime), invitedUserEmailAddress)
}

function line(id: string, status: string, mail: string, created: string, address: string): string {
  return `${id.padEnd(36)}  ${status.padEnd(17)}  ${mail.padEnd(10)}  ${created.padEnd(17)}  ${printable(address)}\n`
}
