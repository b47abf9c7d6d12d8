import { HttpConnection } from './http-connection.js'
import { serve } from './worker.js'

export type ReadOrder = { port: number; token: string; connections: number; seconds: number; paths: string[] }
export type ReadResult = { seconds: number; milliseconds: number[] }

serve(run)

/** Gets one path after another, as fast as the connections allow. */
async function run(order: ReadOrder): Promise<ReadResult> {
  const milliseconds: number[] = []
  let failure: string | undefined
  let next = 0
  const requests = order.paths.map(
    (path) => `GET ${path} HTTP/1.1\r\nhost: localhost:${order.port}\r\nauthorization: Bearer ${order.token}\r\n\r\n`,
  )
  const began = performance.now()
  const until = began + order.seconds * 1_000

  const client = async () => {
    const connection = new HttpConnection('127.0.0.1', order.port)
    while (failure === undefined && performance.now() < until) {
      const sent = performance.now()
      const response = await connection.send(requests[next++ % requests.length] ?? '')
      milliseconds.push(performance.now() - sent)
      if (response.status !== 200) failure ??= `${response.status}: ${response.body}`
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: order.connections }, client))
  if (failure !== undefined) throw new Error(`a read was refused with ${failure}`)
  return { seconds: (performance.now() - began) / 1_000, milliseconds }
}
