import { HttpConnection } from './http-connection.js'
import type { LoadOrder, LoadResult } from './load.js'

/** A process of its own, so that neither the measuring nor the table-writing process slows the requests. */
process.once('message', (order: LoadOrder) => {
  void run(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

/** Posts invitations to addresses that nobody has used, as fast as the connections allow. */
async function run(order: LoadOrder): Promise<LoadResult> {
  const milliseconds: number[] = []
  const links: string[] = []
  let count = 0
  let isOver = false
  let failure: string | undefined
  process.once('message', () => {
    isOver = true
  })
  const head = [
    'POST /v1.0/invitations HTTP/1.1',
    `host: localhost:${order.port}`,
    `authorization: Bearer ${order.token}`,
    'content-type: application/json',
  ].join('\r\n')
  const began = performance.now()
  const until = order.seconds === undefined ? Number.POSITIVE_INFINITY : began + order.seconds * 1_000

  const client = async () => {
    const connection = new HttpConnection('127.0.0.1', order.port)
    while (!isOver && performance.now() < until && (order.most === undefined || count < order.most)) {
      const number = order.first + count++
      const body = `{"invitedUserEmailAddress":"guest${number}@partner.example","invitedUserDisplayName":"Guest ${number}","inviteRedirectUrl":"https://app.example/welcome","sendInvitationMessage":${order.send}}`
      const sent = performance.now()
      const response = await connection.send(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
      milliseconds.push(performance.now() - sent)
      if (response.status !== 201) {
        failure ??= `${response.status}: ${response.body}`
        isOver = true
      }
      if (order.keepLinks) links.push(JSON.parse(response.body).inviteRedeemUrl)
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: order.connections }, client))
  if (failure !== undefined) throw new Error(`an invitation was refused with ${failure}`)
  const seconds = (performance.now() - began) / 1_000
  const { user, system } = process.cpuUsage()
  return { seconds, count: milliseconds.length, milliseconds, links, processorSeconds: (user + system) / 1e6 }
}
