import type { HttpConnection, Response } from './http-connection.js'

// Looked for by hand: patterns over every answer took a tenth of the generator's time.
const COOKIE = '\r\nset-cookie: '
const CSRF = 'name="csrf" value="'

/** A browser behind a proxy that keeps its connections: cookies, and the token of the form it saw last. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #connection: HttpConnection
  readonly #head: string
  #csrf = ''

  /** `number` becomes the address that the proxy tells. */
  constructor(connection: HttpConnection, port: number, number: number) {
    const address = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
    this.#connection = connection
    this.#head = `HTTP/1.1\r\nhost: localhost:${port}\r\nx-forwarded-for: ${address}`
  }

  get(path: string): Promise<Response> {
    return this.#send(`GET ${path} ${this.#head}\r\n${this.#cookieLine()}\r\n`)
  }

  post(path: string, fields: string): Promise<Response> {
    const body = `csrf=${this.#csrf}&${fields}`
    const type = 'content-type: application/x-www-form-urlencoded'
    return this.#send(
      `POST ${path} ${this.#head}\r\n${type}\r\ncontent-length: ${body.length}\r\n${this.#cookieLine()}\r\n${body}`,
    )
  }

  async #send(request: string): Promise<Response> {
    const response = await this.#connection.send(request)
    for (let at = response.head.indexOf(COOKIE); at >= 0; at = response.head.indexOf(COOKIE, at + 1)) {
      const [name = '', value = ''] = between(response.head, at + COOKIE.length, ';').split('=', 2)
      this.cookies.set(name, value)
    }
    const field = response.body.indexOf(CSRF)
    if (field >= 0) this.#csrf = between(response.body, field + CSRF.length, '"')
    return response
  }

  #cookieLine(): string {
    const pairs = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return pairs === '' ? '' : `cookie: ${pairs}\r\n`
  }
}

/** @throws unless an answer is a redirect, or the page of this name. */
export function expect(what: 303 | string, { status, body }: Response): void {
  const isIt = typeof what === 'number' ? status === what : body.includes(`data-page="${what}"`)
  if (!isIt) throw new Error(`expected ${what}, got ${status} ${/data-page="[^"]+"/.exec(body)?.[0] ?? body}`)
}

function between(text: string, start: number, end: string): string {
  return text.slice(start, text.indexOf(end, start))
}
