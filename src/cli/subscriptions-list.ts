import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable, shortDateTime } from './text.js'
import { defineVerb } from './verb.js'

type Subscription = { id: string; resource: string; expirationDateTime: string; notificationUrl: string }

export default defineVerb({
  synopsis: 'subscriptions list [options]',
  about: 'Lists the subscriptions to changes that this client made.',
  options: { ...listOptions, ...remoteOptions },
  notes: connectionNotes,
  async run({ values }, io) {
    const most = mostOf(values)
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'RESOURCE', 'EXPIRES', 'URL'), row }
    const list = { client, path: listPath('/subscriptions', most, {}), most }
    await printList<Subscription>(list, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function row({ id, resource, expirationDateTime, notificationUrl }: Subscription): string {
  return line(id, resource, shortDateTime(expirationDateTime), notificationUrl)
}

function line(id: string, resource: string, expires: string, url: string): string {
  return `${id.padEnd(36)}  ${printable(resource).padEnd(12)}  ${expires.padEnd(17)}  ${printable(url)}\n`
}
