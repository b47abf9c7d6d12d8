import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { listOptions, listPath, mostOf, pagesOf } from './pages.js'
import { json, printable } from './text.js'
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
    if (values.json) {
      const value: Member[] = []
      for await (const page of pagesOf<Member>(client, path, most)) value.push(...page.value)
      io.out(json({ value }))
      return EXIT.done
    }
    let isMore = false
    io.out(line('ID', 'TYPE', 'NAME', 'MAIL'))
    for await (const page of pagesOf<Member>(client, path, most)) {
      io.out(page.value.map(row).join(''))
      isMore = page.isMore
    }
    if (isMore) io.err('There are more; --all lists them all.\n')
    return EXIT.done
  },
})

function row({ '@odata.type': type, id, displayName, mail }: Member): string {
  return line(id, type.replace('#microsoft.graph.', ''), displayName ?? '-', mail ?? '-')
}

function line(id: string, type: string, name: string, mail: string): string {
  return `${id.padEnd(36)}  ${type.padEnd(5)}  ${printable(name).padEnd(30)}  ${printable(mail)}\n`
}
