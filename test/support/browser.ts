import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { chromium, type Page, type Response } from 'playwright-core'
import type { Test } from 'tap'
import { codesIn, nextCode } from './guest.js'
import { type ServiceOptions, startService, type TestService } from './service.js'

/** How somebody browses: the screen, and whether scripts run. */
type Mode = { name: string; viewport: { width: number; height: number }; javaScriptEnabled: boolean }

export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

/** The four ways the pages must work. */
export const modes: readonly [Mode, Mode, Mode, Mode] = [
  { name: 'desktop, with scripts', viewport: DESKTOP, javaScriptEnabled: true },
  { name: 'desktop, without scripts', viewport: DESKTOP, javaScriptEnabled: false },
  { name: 'phone, with scripts', viewport: PHONE, javaScriptEnabled: true },
  { name: 'phone, without scripts', viewport: PHONE, javaScriptEnabled: false },
]
export const [desktop, , , phoneWithoutScripts] = modes

/** The site that invitations lead to: it really answers, and remembers who came. */
type Landing = { url: string; host: string; visits: { url: string; headers: IncomingHttpHeaders }[] }

type Journeys = {
  service: TestService
  landing: Landing
  /** A person with a browser of their own: no cookies, a cache of their own. Closed, and its console judged, when `t` ends. */
  visitor(t: Test, mode?: Mode, options?: { locale?: string }): Promise<Visitor>
  /** Invites to the landing site; answers with the link and the invitation's id. */
  invite(address: string, wish?: Record<string, unknown>): Promise<{ id: string; link: string; userId: string }>
}

const FILE_TIMEOUT_MS = 900_000
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** One service, one Chromium and one landing site for a test file. */
export async function startJourneys(t: Test, options: ServiceOptions = {}): Promise<Journeys> {
  // A browser takes its time; the runner allows this much, a file run alone would have 30 s.
  t.setTimeout(FILE_TIMEOUT_MS)
  const service = await startService(t, options)
  const landing = await startLanding(t)
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ARGUMENTS,
  })
  t.teardown(() => browser.close())
  return {
    service,
    landing,
    async visitor(t, mode = desktop, { locale = 'en-GB' } = {}) {
      const { viewport, javaScriptEnabled } = mode
      const context = await browser.newContext({ viewport, javaScriptEnabled, locale })
      context.setDefaultTimeout(60_000)
      const visitor = new Visitor(service, await context.newPage())
      t.teardown(() => context.close())
      return visitor
    },
    async invite(address, wish = {}) {
      const made = await service.invite(address, { inviteRedirectUrl: `${landing.url}/welcome`, ...wish })
      return { id: made.id, link: made.inviteRedeemUrl, userId: made.invitedUser.id }
    },
  }
}

/** A person at a browser. Every step answers with the page it led to. */
export class Visitor {
  /** Messages of the console that no page of ours may cause: errors, policy violations, exceptions. */
  readonly complaints: string[] = []
  readonly page: Page
  readonly #service: TestService

  constructor(service: TestService, page: Page) {
    this.#service = service
    this.page = page
    page.on('pageerror', (error) => this.complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      // Chromium reports each document with a status from 400 on as an error; those statuses are ours and meant.
      const isStatus = /^Failed to load resource: the server responded with a status of (?:4\d\d|50[23])/.test(
        message.text(),
      )
      if (isStatus && message.location().url === page.url()) return
      this.complaints.push(`${message.text()} (${message.location().url})`)
    })
  }

  async open(url: string): Promise<Step> {
    return this.#stepOf(await this.page.goto(url))
  }

  /** Presses the button, or follows the link, with this name. */
  async press(name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<Step> {
    return this.go(() => this.page.getByRole(role, { name }).click())
  }

  /** Types a code and goes on, with the key that people press. */
  async enter(code: string): Promise<Step> {
    return this.go(async () => {
      await this.page.fill('input[name=code]', code)
      await this.page.press('input[name=code]', 'Enter')
    })
  }

  /** Presses the one button that sends a code, and waits for the mail. */
  async askForCode(address: string): Promise<{ step: Step; code: string }> {
    const before = codesIn(await this.#service.mails(address)).length
    const step = await this.go(() => this.page.locator('button[name=action][value=send]').click())
    if (step.name !== 'code') throw new Error(`asking for a code led to ${step.name} (${step.status})`)
    return { step, code: await this.#codeAfter(address, before) }
  }

  /** Does something that sends a code otherwise, and waits for the mail. */
  async codeFrom<Result>(address: string, act: () => Promise<Result>): Promise<{ result: Result; code: string }> {
    const before = codesIn(await this.#service.mails(address)).length
    const result = await act()
    return { result, code: await this.#codeAfter(address, before) }
  }

  /** From the link to whatever a right code leads to. */
  async signIn(link: string, address: string): Promise<Step> {
    await this.open(link)
    const { code } = await this.askForCode(address)
    return this.enter(code)
  }

  /** What the page says, as far as it can be seen. */
  async text(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: what is folded away was not read
    return (await this.page.locator('main').innerText()).replace(/\s+/g, ' ')
  }

  /** Does what leads to another page. */
  async go(act: () => Promise<unknown>): Promise<Step> {
    const [response] = await Promise.all([this.page.waitForNavigation(), act()])
    return this.#stepOf(response)
  }

  async #stepOf(response: Response | null): Promise<Step> {
    const { names, title, parts, html } = await this.page.evaluate(seen)
    if (names.length > 1) throw new Error(`one document is the pages ${names.join(' and ')}`)
    const [name] = names
    if (name !== undefined) await this.#weigh(name, html, parts)
    return { status: response?.status() ?? 0, headers: response?.headers() ?? {}, name, url: this.page.url(), title }
  }

  /** No page that guests see is larger than 60 kB, with everything that it is drawn with. */
  async #weigh(name: string, html: string, parts: string[]): Promise<void> {
    // The reference of the API, for who writes clients, is a book.
    if (name === 'reference') return
    const sizes = await Promise.all(parts.map((url) => sizeOf(url)))
    const bytes = sizes.reduce((sum, size) => sum + size, Buffer.byteLength(html))
    if (bytes > LARGEST_PAGE) this.complaints.push(`${name} is ${bytes} bytes`)
  }

  async #codeAfter(address: string, before: number): Promise<string> {
    return nextCode(this.#service, address, before)
  }
}

/** Runs in the browser: all that a step is told by, for one question costs a page a tenth of what six do. */
function seen(): { names: string[]; title: string; parts: string[]; html: string } {
  const { doctype, documentElement, title } = document
  return {
    names: Array.from(document.querySelectorAll('main[data-page]'), (main: any) => String(main.dataset.page)),
    title,
    parts: Array.from(document.querySelectorAll('link[rel=stylesheet], script[src]'), ({ href, src }: any) =>
      String(href ?? src),
    ),
    html: (doctype ? new XMLSerializer().serializeToString(doctype) : '') + documentElement.outerHTML,
  }
}

const LARGEST_PAGE = 60_000
const known = new Map<string, Promise<number>>()

/** Bytes of a stylesheet or script, asked for once. */
function sizeOf(url: string): Promise<number> {
  const size = known.get(url) ?? fetch(url).then(async (response) => (await response.arrayBuffer()).byteLength)
  known.set(url, size)
  return size
}

/** Where a step led: status and headers of the document, and its `data-page` when it is a page of ours. */
type Step = {
  status: number
  headers: Record<string, string>
  name: string | undefined
  url: string
  title: string
}

/** A code that is not `code`. */
export function otherThan(code: string): string {
  return String((Number(code) + 1) % 100_000_000).padStart(8, '0')
}

async function startLanding(t: Test): Promise<Landing> {
  const visits: Landing['visits'] = []
  const server = createServer((request, response) => {
    if (request.url !== '/favicon.ico') visits.push({ url: request.url ?? '', headers: request.headers })
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end('<!doctype html><html lang="en"><title>Landed</title><link rel="icon" href="data:,"><h1>Landed</h1>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  const host = `127.0.0.1:${address.port}`
  return { url: `http://${host}`, host, visits }
}
