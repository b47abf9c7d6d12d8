import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable } from './text.js'
import { defineVerb } from './verb.js'

type Connector = { id: string; displayName: string; targetUrl: string; circuit: { state: string } }

export default defineVerb({
  synopsis: 'connectors list [options]',
  about: "Lists API connectors: the organization's own systems, which sign-ups ask.",
  options: { ...listOptions, ...remoteOptions },
  notes: connectionNotes,
  async run({ values }, io) {
    const most = mostOf(values)
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'NAME', 'CIRCUIT', 'URL'), row }
    const list = { client, path: listPath('/identity/apiConnectors', most, {}), most }
    await printList<Connector>(list, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function row({ id, displayName, targetUrl, circuit }: Connector): string {
  // A query may hold a key, which is nothing for a terminal that others look at.
  return line(id, displayName, circuit.state, targetUrl.replace(/\?.*$/s, '?…'))
}

function line(id: string, name: string, circuit: string, url: string): string {
  return `${id.padEnd(36)}  ${printable(name).padEnd(24)}  ${circuit.padEnd(8)}  ${printable(url)}\n`
}
