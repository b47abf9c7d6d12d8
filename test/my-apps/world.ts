import { Browser, csrfIn, newestCode, pageName } from '../provider/relying-party.js'
import type { TestService } from '../support/service.js'

/**
 * A guest who has accepted, at one organization or another, known by the mailbox unless `identity` says otherwise. The
 * redemption itself has tests of its own.
 */
export async function guestOf(
  service: TestService,
  mail: string,
  at: { tenantId: string; token?: string } = { tenantId: service.tenantId },
  identity: { issuer: string; subject: string } = { issuer: 'mail', subject: mail },
): Promise<{ id: string; mail: string }> {
  const wish = { invitedUserEmailAddress: mail, inviteRedirectUrl: 'https://app.example/' }
  const options = at.token === undefined ? {} : { token: at.token }
  const { status, body, text } = await service.api('POST', '/invitations', wish, options)
  if (status !== 201) throw new Error(`inviting answered ${status}: ${text}`)
  const { id } = body.invitedUser
  await service.rows(`update users set external_user_state = 'Accepted' where id = '${id}'`, at.tenantId)
  await service.rows(
    `insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
     values ('${at.tenantId}', '${identity.issuer}', '${identity.subject}', '${id}', 'federated')`,
    at.tenantId,
  )
  return { id, mail }
}

/** Somebody at a browser of their own, without scripts. */
export class Person {
  readonly browser: Browser
  readonly service: TestService
  url = ''
  page = ''
  status = 0

  constructor(service: TestService) {
    this.service = service
    this.browser = new Browser(service.baseUrl)
  }

  get name(): string | undefined {
    return pageName(this.page)
  }

  async open(path: string): Promise<this> {
    return this.#at(await this.browser.follow(path.startsWith('http') ? path : this.service.baseUrl + path))
  }

  /** Submits a form of the page, by default to where the page is. */
  async submit(fields: Record<string, string>, path = this.url): Promise<this> {
    const url = path.startsWith('http') ? path : this.service.baseUrl + path
    return this.#at(await this.browser.follow(url, { csrf: csrfIn(this.page), ...fields }))
  }

  /** From a page of ours to the same, signed in. */
  async signIn(path: string, mail: string): Promise<this> {
    await this.open(path)
    if (this.name !== 'sign-in') throw new Error(`${path} shows ${this.name} (${this.status})`)
    const before = (await this.service.mails(mail)).length
    await this.submit({ email: mail })
    await this.service.waitForMails(mail, before + 1)
    return this.submit({ code: await newestCode(this.service, mail) })
  }

  #at({ url, page = '', status }: { url: string; page?: string; status: number }): this {
    this.url = url
    this.page = page
    this.status = status
    return this
  }
}

/** An app with an address to open, assigned to somebody. */
export async function assignedApp(
  service: TestService,
  principalId: string | undefined,
  wish: Record<string, unknown> = {},
): Promise<{ id: string; appId: string; principalId: string }> {
  const { principal, ...application } = wish
  const made = await service.api('POST', '/applications', {
    displayName: 'Wiki',
    web: { homePageUrl: 'https://wiki.example/' },
    ...application,
  })
  if (made.status !== 201) throw new Error(`the application was not made: ${made.text}`)
  const { appId, id } = made.body
  const sp = await service.api('POST', '/servicePrincipals', { appId, ...(principal as object | undefined) })
  if (sp.status !== 201) throw new Error(`the service principal was not made: ${sp.text}`)
  if (principalId !== undefined) {
    const assigned = await service.api('POST', `/servicePrincipals/${sp.body.id}/appRoleAssignedTo`, {
      principalId,
      resourceId: sp.body.id,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    })
    if (assigned.status !== 201) throw new Error(`the app was not assigned: ${assigned.text}`)
  }
  return { id, appId, principalId: sp.body.id }
}

/** Organizations a page offers to switch to, by their domains, and those it names. */
export function organizationsOf({ page }: Person): { switchable: string[]; named: string[] } {
  const rows = page.slice(page.indexOf('id="organizations"'), page.indexOf('id="methods"')).split('<li').slice(2)
  const domainIn = (row: string) => /class="sub">([^<]+)</.exec(row)?.[1] ?? ''
  return {
    switchable: rows.filter((row) => row.includes('name="to"')).map(domainIn),
    named: rows.map(domainIn),
  }
}

/** Names on the tiles of a page. */
export function tilesOf({ page }: Person): string[] {
  return [...page.matchAll(/class="tile".*?<b>(.*?)<\/b>/g)].map(([, name = '']) => name)
}
