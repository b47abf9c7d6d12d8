import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable } from './text.js'
import { defineVerb } from './verb.js'

type Member = { '@odata.type': string; id: string; displayName: string | null; mail: string | null }

export default defineVerb({
  synopsis: 'groups members <id> [options]',
  about: 'Lists the members of a group.',
  argument: '<id>',
  options: {
    transitive: { type: 'boolean', help: 'Members of the groups inside it too.' },
    ...listOptions,
    ...remoteOptions,
  },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const most = mostOf(values)
    const list = values.transitive ? 'transitiveMembers' : 'members'
    const path = listPath(`/groups/${encodeURIComponent(argument)}/${list}`, most, { $select: 'id,displayName,mail' })
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'TYPE', 'NAME', 'MAIL'), row }
    await printList<Member>({ client, path, most }, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function row({ '@odata.type': type, id, displayName, mail }: Member): string {
  return line(id, type.replace('#microsoft.graph.', ''), displayName ?? '-', mail ?? '-')
}

function line(id: string, type: string, name: string, mail: string): string {
  return `${id.padEnd(36)}  ${type.padEnd(5)}  ${printable(name).padEnd(30)}  ${printable(mail)}\n`
}
