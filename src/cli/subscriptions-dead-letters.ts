import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { listOptions, listPath, mostOf, printList } from './pages.js'
import { printable, shortDateTime } from './text.js'
import { defineVerb } from './verb.js'

type DeadLetter = {
  id: string
  deadDateTime: string
  reason: string
  notification: { changeType?: string; lifecycleEvent?: string; resource?: string }
}

export default defineVerb({
  synopsis: 'subscriptions dead-letters <subscription> [options]',
  about: 'Lists what could not be delivered to a subscription within 4 hours, newest first. It is kept for 7 days.',
  argument: '<subscription>',
  options: { ...listOptions, ...remoteOptions },
  notes: connectionNotes,
  async run({ values, argument }, io) {
    const most = mostOf(values)
    const path = listPath(`/subscriptions/${encodeURIComponent(argument)}/deadLetters`, most, {})
    const client = await openClient(values.profile, io)
    const table = { heading: line('ID', 'GIVEN UP', 'WHAT', 'REASON'), row }
    await printList<DeadLetter>({ client, path, most }, values.json ? undefined : table, io)
    return EXIT.done
  },
})

function row({ id, deadDateTime, reason, notification }: DeadLetter): string {
  const { changeType, lifecycleEvent, resource = '' } = notification
  return line(id, shortDateTime(deadDateTime), `${changeType ?? lifecycleEvent ?? ''} ${resource}`.trim(), reason)
}

function line(id: string, died: string, what: string, reason: string): string {
  return `${id.padEnd(36)}  ${died.padEnd(17)}  ${printable(what).padEnd(50)}  ${printable(reason)}\n`
}
