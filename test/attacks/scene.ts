import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import postgres from 'postgres'
import type { Test } from 'tap'
import { assignDirectoryRole, insertUser } from '../../src/directory/index.js'
import { passcodeOf } from '../../src/sign-in/index.js'
import { raiseVersion, type TenantChanges, updateTenant } from '../../src/tenants/index.js'
import { engines } from '../support/engines.js'
import { Guest, type Page } from '../support/guest.js'
import type { TestService } from '../support/service.js'

/** A guest who was invited, and the link that only they should have. */
export type Invited = { id: string; userId: string; address: string; link: string; ticket: string }

/** Invites `address` without a mail and keeps the link. */
export async function invited(
  service: TestService,
  address: string,
  wish: Record<string, unknown> = {},
): Promise<Invited> {
  const body = await service.invite(address, wish)
  const link: string = body.inviteRedeemUrl
  return { id: body.id, userId: body.invitedUser.id, address, link, ticket: parameter(link, 'ticket') }
}

/** One parameter of a link. */
export function parameter(link: string, name: string): string {
  return new URL(link).searchParams.get(name) ?? ''
}

/** The link with some of its parameters replaced. */
export function altered(link: string, changes: Record<string, string>): string {
  const url = new URL(link)
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value)
  return url.href
}

/** The newest code that was made for an address, as only its mailbox should tell it. */
export async function newestCode(service: TestService, address: string): Promise<string> {
  const [row] = await service.rows(
    `select id from passcodes where address_folded = '${address.toLowerCase()}' order by id desc limit 1`,
  )
  if (!row) throw new Error(`no code was made for ${address}`)
  return passcodeOf(service.services.keys, service.tenantId, row['id'])
}

/** Opens the link and asks for a code, which this browser can type from then on. */
export async function askCode(service: TestService, who: Invited, browser: Guest): Promise<string> {
  await browser.get(who.link)
  const sent = await browser.post(who.link, { action: 'send' })
  if (sent.status !== 303) throw new Error(`asking for a code answered ${sent.status} ${sent.name}`)
  await browser.get(who.link)
  return newestCode(service, who.address)
}

/** Opens the link, asks for a code and types it in: the browser is signed in and the consent page is due. */
export async function signedIn(service: TestService, who: Invited, browser = new Guest()): Promise<Guest> {
  const proved = await browser.post(who.link, { code: await askCode(service, who, browser) })
  if (proved.status !== 303) throw new Error(`the code answered ${proved.status} ${proved.name}`)
  await browser.get(who.link)
  return browser
}

/** The whole way in. */
export async function accepted(service: TestService, who: Invited, browser?: Guest): Promise<Guest> {
  const guest = await signedIn(service, who, browser)
  const page = await guest.post(who.link, { choice: 'accept' })
  if (page.status !== 303) throw new Error(`accepting answered ${page.status} ${page.name}`)
  return guest
}

/** What an attacker sees of a page, short enough to compare. */
export function seen({ status, name }: Page): string {
  return `${status} ${name ?? '-'}`
}

/**
 * Every table as number of rows and digest of their content; read past row security, queue and mailbox included. Not the
 * sign-in log, which tells of tries that came to nothing, nor how many lines of it a code that is used may still write.
 */
async function everything(service: TestService): Promise<Record<string, string>> {
  const { postgresAdmin } = await engines()
  const database = service.connection.database
  const sql = postgres({ ...postgresAdmin, database, max: 1, onnotice: () => {} })
  try {
    const tables = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'sign_ins'
      order by 1`
    const parts = tables.map(({ name }) => {
      const row =
        name === 'passcodes'
          ? `(case when r.used_date_time is null then to_jsonb(r) else to_jsonb(r) - 'tries_left' end)::text`
          : 'r::text'
      return `select '${name}' as name, count(*) || ' rows ' || md5(coalesce(string_agg(${row}, e'\\n' order by ${row}), '')) as digest from "${name}" r`
    })
    const digests = await sql.unsafe<{ name: string; digest: string }[]>(parts.join(' union all '))
    return Object.fromEntries(digests.map(({ name, digest }) => [name, digest]))
  } finally {
    await sql.end()
  }
}

/** Carries an attack out and shows that no row of any table changed, except in the tables named. */
export async function changesNothing<Result>(
  t: Test,
  service: TestService,
  attack: () => Promise<Result>,
  exceptIn: string[] = [],
): Promise<Result> {
  const before = await everything(service)
  const result = await attack()
  const after = await everything(service)
  for (const name of exceptIn) {
    delete before[name]
    delete after[name]
  }
  t.strictSame(after, before, 'nothing changed in database, queue and mailbox')
  return result
}

export type Sent = { status: number; headers: IncomingHttpHeaders; text: string; body: any }

type Raw = {
  method?: string
  headers?: Record<string, string | string[]>
  body?: string
  /** The request target, when it is not path and query of the address. */
  target?: string
}

/** A request with any header, `Host` and cookies included, and any target; follows nothing. */
export function send(url: string, { method = 'GET', headers = {}, body, target }: Raw = {}): Promise<Sent> {
  const { protocol, hostname, port, pathname, search } = new URL(url)
  const path = target ?? pathname + search
  const start = protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    // The certificate is not what these tests are about.
    const options = { host: hostname, port, path, method, headers, agent: false, rejectUnauthorized: false }
    const request = start(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = String(response.headers['content-type']).includes('json') && text !== ''
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          body: isJson ? JSON.parse(text) : undefined,
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** A person of the organization with directory roles; there is no way to make one over HTTP yet. */
export async function addPerson(
  service: TestService,
  name: string,
  options: { roles?: string[]; mail?: string | null; userType?: 'Member' | 'Guest' } = {},
): Promise<string> {
  const { services, tenantId } = service
  const id = services.newId()
  const mail = options.mail === undefined ? `${name}@contoso.example` : options.mail
  await services.database.withTenant(tenantId, async (scope) => {
    await insertUser(scope, {
      tenantId,
      id,
      userPrincipalName: `${name}@contoso.example`,
      displayName: name,
      mail,
      mailFolded: mail,
      mailNickname: name,
      userType: options.userType ?? 'Member',
      createdDateTime: services.clock(),
    })
    for (const role of options.roles ?? []) await assignDirectoryRole(scope, id, role, services.clock())
  })
  return id
}

/** Changes the organization itself, as its operator does. */
export async function changeTenant(service: TestService, changes: TenantChanges): Promise<void> {
  const { services, tenantId } = service
  await services.database.withTenant(tenantId, async (scope) => {
    await updateTenant(scope.orm, tenantId, changes)
    await raiseVersion(scope.orm, tenantId)
  })
  services.tenants.forget(tenantId)
}

/** Rows of the organization, as plain objects that compare. */
export async function rowsOf(service: TestService, sql: string): Promise<Record<string, any>[]> {
  return Array.from(await service.rows(sql), (row) => ({ ...row }))
}

/** What the service itself says about an invitation. */
export async function statusOf(service: TestService, who: Pick<Invited, 'id'>): Promise<string> {
  return (await service.api('GET', `/invitations/${who.id}`)).body.status
}

/** How often an event stands in an invitation's history. */
export async function countOf(service: TestService, who: Pick<Invited, 'id'>, event: string): Promise<number> {
  const { body } = await service.api('GET', `/invitations/${who.id}`)
  return body.history.filter((entry: { event: string }) => entry.event === event).length
}

/** Where the links and forms of a document lead, entities read. */
export function linksOf(html: string): string[] {
  return [...html.matchAll(/(?:href|action|src)="([^"]*)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'"),
  )
}
