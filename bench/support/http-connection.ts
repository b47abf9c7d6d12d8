import { connect, type Socket } from 'node:net'

export type Response = { status: number; head: string; body: string }

/**
 * One keep-alive connection, one request at a time. Written by hand because Node's own client costs as much processor
 * time as the server under test, and both share the machine. Understands only what the service sends: answers that
 * declare their length.
 */
export class HttpConnection {
  readonly #socket: Socket
  #received = ''
  #waiting: { resolve(response: Response): void; reject(error: Error): void } | undefined

  constructor(host: string, port: number) {
    this.#socket = connect({ host, port, noDelay: true })
    // One character a byte, so that lengths in bytes are lengths of the string.
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (chunk: string) => this.#receive(chunk))
    this.#socket.on('error', (error) => this.#waiting?.reject(error))
    this.#socket.on('close', () => this.#waiting?.reject(new Error('the service closed the connection')))
  }

  /** Sends a complete request, head and body, and resolves with its answer. */
  send(request: string): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#waiting = undefined
    this.#socket.destroy()
  }

  #receive(chunk: string): void {
    const text = this.#received === '' ? chunk : this.#received + chunk
    const headEnd = text.indexOf('\r\n\r\n')
    const length = headEnd < 0 ? Number.POSITIVE_INFINITY : lengthOf(text)
    const end = headEnd + 4 + length
    if (text.length < end) {
      this.#received = text
      return
    }
    this.#received = text.slice(end)
    const response = {
      status: Number(text.slice(9, 12)),
      head: text.slice(0, headEnd),
      body: text.slice(headEnd + 4, end),
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve(response)
  }
}

const LENGTH = 'content-length: '

function lengthOf(text: string): number {
  const lower = text.indexOf(LENGTH)
  // As Koa spells it.
  const at = lower < 0 ? text.indexOf('Content-Length: ') : lower
  if (at < 0) throw new Error(`an answer without a length: ${text.slice(0, 200)}`)
  return Number.parseInt(text.slice(at + 16, at + 24), 10)
}
