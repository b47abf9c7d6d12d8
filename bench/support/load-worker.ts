import { HttpConnection } from './http-connection.js'
import type { LoadOrder, LoadResult } from './load.js'
import { serve } from './worker.js'

// A process of its own, so that neither the measuring nor the table-writing process slows the requests.
serve(run)

/** Posts invitations to addresses that nobody has used, as fast as the connections allow. */
async function run(order: LoadOrder, isOver: () => boolean): Promise<LoadResult> {
  const milliseconds: number[] = []
  const links: string[] = []
  let count = 0
  let failure: string | undefined
  const headOf = (port: number) =>
    [
      'POST /v1.0/invitations HTTP/1.1',
      `host: localhost:${port}`,
      `authorization: Bearer ${order.token}`,
      'content-type: application/json',
    ].join('\r\n')
  const began = performance.now()
  const until = order.seconds === undefined ? Number.POSITIVE_INFINITY : began + order.seconds * 1_000

  const client = async (index: number) => {
    const port = order.ports[index % order.ports.length] ?? 0
    const head = headOf(port)
    const connection = new HttpConnection('127.0.0.1', port)
    while (
      !isOver() &&
      failure === undefined &&
      performance.now() < until &&
      (order.most === undefined || count < order.most)
    ) {
      const number = order.first + count++
      const send = order.mailEvery > 0 && number % order.mailEvery === 0
      const body = `{"invitedUserEmailAddress":"guest${number}@partner.example","invitedUserDisplayName":"Guest ${number}","inviteRedirectUrl":"https://app.example/welcome","sendInvitationMessage":${send}}`
      const sent = performance.now()
      const response = await connection.send(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      milliseconds.push(performance.now() - sent)
      if (response.status !== 201) failure ??= `${response.status}: ${response.body}`
      else if (order.keepLinks) links.push(JSON.parse(response.body).inviteRedeemUrl)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: order.connections }, (_, index) => client(index)))
  if (failure !== undefined) throw new Error(`an invitation was refused with ${failure}`)
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage()
  return { seconds, count: milliseconds.length, milliseconds, links, processorSeconds: (user + system) / 1e6 }
}
