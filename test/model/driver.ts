import { decodeJwt } from 'jose'
import { expireInvitations, sendInvitationMail } from '../../src/invitations/index.js'
import { csrfToken, handleHash, newHandle, passcodeOf } from '../../src/sign-in/index.js'
import { Guest, type Page } from '../support/guest.js'
import { fetchToken, type TestService } from '../support/service.js'
import { signWith } from '../support/tokens.js'
import { type Model, SOON, type Step, statusOf } from './model.js'

const LANDING = 'https://app.example/welcome'

/** A token that outlives every journey of the clock. */
export async function lastingToken(service: TestService): Promise<string> {
  const { services, baseUrl, tenantId, clientId, clientSecret } = service
  const claims = decodeJwt(await fetchToken(baseUrl, tenantId, clientId, clientSecret))
  const [jwk] = (await services.signingKeys.of(tenantId)).privateJwks
  return signWith(jwk, { ...claims, exp: (claims.exp ?? 0) + 100 * 365 * 86_400 }, { kid: jwk.kid })
}

/** The service as seen from one address: its caller, two browsers, and what was made so far. */
export class Driver {
  readonly #service: TestService
  readonly #token: string
  readonly #address: string
  readonly #network: string
  readonly #invitations: { id: string; link: string }[] = []
  readonly #guestIds: string[] = []
  readonly #browsers: [Browser, Browser]
  #advancedMs = 0

  constructor(service: TestService, token: string, number: number) {
    this.#service = service
    this.#token = token
    this.#address = `guest${number}@partner.example`
    this.#browsers = [new Browser(service), new Browser(service)]
    this.#network = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
  }

  now(): number {
    return this.#service.services.clock().getTime()
  }

  /** Does a step for real. Undefined: there is nothing to do it with, or nobody to see it. */
  async run(step: Step): Promise<string | undefined> {
    switch (step.act) {
      case 'invite':
        return this.#invite(step.send, step.expiry)
      case 'reset':
        return this.#guestIds.length === 0 ? undefined : this.#reset()
      case 'delete': {
        if (this.#guestIds.length === 0) return undefined
        return `${(await this.#api('DELETE', `/users/${this.#guestIds.at(-1)}`)).status}`
      }
      case 'expire':
        await expireInvitations(this.#service.services)
        return undefined
      case 'deliver':
        await this.#deliver()
        return undefined
      case 'advance':
        this.#service.advance(step.ms)
        this.#advancedMs += step.ms
        return undefined
      case 'resend':
      case 'revoke': {
        const { status, body } = await this.#api('POST', `/invitations/${this.#pick(step.which).id}/${step.act}`)
        return body?.status ? `${status} ${body.status}` : `${status}`
      }
      default:
        return this.#browse(step)
    }
  }

  /** Gives the clock back for the next address. */
  rewind(): void {
    this.#service.advance(-this.#advancedMs)
  }

  /** Everything that can be read about the address, in the terms of `expected`. */
  async read() {
    const where = encodeURIComponent(`invitedUserEmailAddress eq '${this.#address}'`)
    const { body } = await this.#api('GET', `/invitations?$top=100&$filter=${where}`)
    const holders = await this.#api(
      'GET',
      `/users?$select=externalUserState&$filter=${encodeURIComponent(`mail eq '${this.#address}'`)}`,
    )
    const [row] = await this.#service.rows(`select
      (select count(*)::int from invitation_mails where recipient_folded = '${this.#address}') as asked,
      (select count(*)::int from outbox o join invitation_mails m using (id) where recipient_folded = '${this.#address}') as queued,
      (select count(*)::int from mailbox_messages where lower("to"[1]) = '${this.#address}') as sent`)
    return {
      invitations: body.value.toReversed().map(readable),
      guest: holders.body.value.map((user: any) => user.externalUserState),
      mails: { ...row },
    }
  }

  async #invite(send: boolean, expiry: 'default' | 'soon' | 'never'): Promise<string> {
    const soon = new Date(this.now() + SOON).toISOString()
    return this.#created({
      sendInvitationMessage: send,
      ...(expiry !== 'default' && { expiresDateTime: expiry === 'soon' ? soon : null }),
    })
  }

  #reset(): Promise<string> {
    return this.#created({ invitedUser: { id: this.#guestIds.at(-1) }, resetRedemption: true })
  }

  async #created(wish: Record<string, unknown>): Promise<string> {
    const { status, body } = await this.#api('POST', '/invitations', {
      invitedUserEmailAddress: this.#address,
      inviteRedirectUrl: LANDING,
      ...wish,
    })
    if (status !== 201) return `${status}`
    this.#invitations.push({ id: body.id, link: body.inviteRedeemUrl })
    if (this.#guestIds.at(-1) !== body.invitedUser.id) this.#guestIds.push(body.invitedUser.id)
    return `201 ${body.status} ${body.delivery?.state ?? 'asked'}`
  }

  async #browse(step: Extract<Step, { browser: 0 | 1 }>): Promise<string> {
    const { id, link } = this.#pick(step.which)
    const browser = this.#browsers[step.browser]
    switch (step.act) {
      case 'open':
        return seen(await browser.open(link))
      case 'send':
        return seen(await browser.submit(link, { action: 'send' }, { 'x-forwarded-for': this.#network }))
      case 'code':
        return seen(await browser.submit(link, { code: await this.#code(id, step) }))
      case 'accept':
      case 'decline':
        return seen(await browser.submit(link, { choice: step.act }))
    }
  }

  /** The newest code that this browser asked for, as the mail would tell it; or one that is not. */
  async #code(invitationId: string, step: { browser: 0 | 1; code: 'right' | 'wrong' }): Promise<string> {
    const handle = this.#browsers[step.browser].handleHash()
    const [row] = await this.#service.rows(`select id from passcodes where subject = '${invitationId}'
      and browser_hash = decode('${handle}', 'hex') order by id desc limit 1`)
    const code = row ? passcodeOf(this.#service.services.keys, this.#service.tenantId, row['id']) : '12345678'
    return step.code === 'right' ? code : `${code.slice(0, 7)}${(Number(code[7]) + 1) % 10}`
  }

  /** What a mail worker does, one mail after the other. */
  async #deliver(): Promise<void> {
    const { services } = this.#service
    const needs = {
      ...services,
      publicUrl: services.origins.publicUrl,
      mailFrom: services.config.mail.from,
      counted: services.metrics.mail,
    }
    const work = await this.#service.rows(`select o.id, o.tenant_id, o.subject_id from outbox o
      join invitation_mails m using (id) where m.recipient_folded = '${this.#address}' order by o.id`)
    const createdAt = services.clock().toISOString()
    for (const { id, tenant_id: tenantId, subject_id: subjectId } of work) {
      await sendInvitationMail(needs, { id, tenantId, subjectId, attempt: 1, failures: 0, createdAt })
    }
  }

  #pick(which: number): { id: string; link: string } {
    const picked = this.#invitations[which % this.#invitations.length]
    if (!picked) throw new Error('the first step always invites')
    return picked
  }

  #api(method: string, path: string, body?: unknown) {
    return this.#service.api(method, path, body, { token: this.#token })
  }
}

/** A browser that can submit any form at any time, as one does that keeps old pages open. */
class Browser {
  readonly #guest = new Guest()
  readonly #service: TestService
  readonly #handle = newHandle()

  constructor(service: TestService) {
    this.#service = service
    this.#guest.cookies.set('vb', this.#handle)
  }

  open(link: string): Promise<Page> {
    return this.#guest.get(link)
  }

  submit(link: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Page> {
    const csrf = csrfToken(this.#service.services.keys, this.#handle, this.#guest.cookies.get('vs'))
    return this.#guest.post(link, { csrf, ...fields }, headers)
  }

  handleHash(): string {
    return handleHash(this.#service.services.keys, { isSecure: false }, 'browser', this.#handle).toString('hex')
  }
}

/** The same of the model. */
export function expected(model: Model, now: number) {
  const states = model.mails.map(({ state }) => state)
  return {
    invitations: model.invitations.map((invitation) => ({
      status: statusOf(invitation, now),
      history: invitation.history,
      delivery: invitation.delivery,
      sentCount: invitation.sentCount,
    })),
    guest: model.guest ? [model.guest.acceptedAt === undefined ? 'PendingAcceptance' : 'Accepted'] : [],
    mails: {
      asked: states.length,
      queued: states.filter((state) => state === 'queued').length,
      sent: states.filter((state) => state === 'sent').length,
    },
  }
}

function readable(body: any) {
  return {
    status: body.status,
    history: body.history.map(({ event }: { event: string }) => event),
    delivery: body.delivery?.state ?? null,
    sentCount: body.sentCount,
  }
}

function seen({ status, name, location }: Page): string {
  if (location === LANDING) return `${status} landing`
  if (location?.includes('/redeem/declined')) return `${status} declined`
  return name ? `${status} ${name}` : `${status}`
}
