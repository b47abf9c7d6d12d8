import type { TestService } from './service.js'
import { until } from './until.js'

export type Page = {
  status: number
  /** `data-page`. */
  name: string | undefined
  location: string | null
  html: string
  headers: Headers
  csrf: string | undefined
}

/** A browser without JavaScript: cookies, forms, no redirects followed. */
export class Guest {
  readonly cookies = new Map<string, string>()
  #csrf = ''

  async get(url: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.#request(url, { method: 'GET', headers })
  }

  /** Submits a form with the token of the page seen last. */
  async post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    return this.#request(url, { method: 'POST', headers, body: new URLSearchParams({ csrf: this.#csrf, ...fields }) })
  }

  async #request(url: string, init: RequestInit & { headers: Record<string, string> }): Promise<Page> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie && { cookie }) },
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0/i.test(set)) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    const html = await response.text()
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1]
    if (csrf) this.#csrf = csrf
    return {
      status: response.status,
      name: /data-page="([^"]+)"/.exec(html)?.[1],
      location: response.headers.get('location'),
      html,
      headers: response.headers,
      csrf,
    }
  }

  /** Opens a link and asks for the code; answers with it once the mail has arrived. */
  async askForCode(service: TestService, link: string, address: string): Promise<string> {
    const before = codesIn(await service.mails(address)).length
    const page = await this.get(link)
    if (page.name !== 'start' && page.name !== 'code') throw new Error(`the link shows ${page.name} (${page.status})`)
    const sent = await this.post(link, { action: 'send' })
    if (sent.status !== 303) throw new Error(`asking for a code answered ${sent.status}`)
    return nextCode(service, address, before)
  }

  /** From link to signed in; leaves the browser where the consent page is due. */
  async signIn(service: TestService, link: string, address: string): Promise<Page> {
    const code = await this.askForCode(service, link, address)
    await this.get(link)
    const proved = await this.post(link, { code })
    if (proved.status !== 303) throw new Error(`the code answered ${proved.status}`)
    return this.get(link)
  }

  /** The whole way; answers with the page that acceptance leads to. */
  async accept(service: TestService, link: string, address: string): Promise<Page> {
    await this.signIn(service, link, address)
    return this.post(link, { choice: 'accept' })
  }
}

/** The newest code in the mailbox of an address once there are more than `before`. */
export async function nextCode(service: Pick<TestService, 'mails'>, address: string, before: number): Promise<string> {
  let codes: string[] = []
  await until(async () => {
    codes = codesIn(await service.mails(address))
    return codes.length > before
  }, `a code reached ${address}`)
  return codes[0] ?? ''
}

/** Codes in mails, newest first. */
export function codesIn(mails: { text: string; links: string[] }[]): string[] {
  return mails.flatMap(({ text, links }) => (links.length === 0 ? (/^\d{8}$/m.exec(text)?.[0] ?? []) : []))
}
