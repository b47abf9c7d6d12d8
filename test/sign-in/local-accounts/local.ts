import type { Test } from 'tap'
import { type Invited, invited, newestCode } from '../../attacks/scene.js'
import { Guest, type Page } from '../../support/guest.js'
import { type ServiceOptions, startService, type TestService } from '../../support/service.js'

export const PASSWORD = 'nine quiet horses graze'

/** A service whose organization has codes by e-mail switched off, so that guests without a home get accounts there. */
export async function withoutPasscodes(t: Test, options: ServiceOptions = {}): Promise<TestService> {
  const service = await startService(t, { workers: false, ...options })
  await switchPasscodes(service, false)
  return service
}

/** Codes by e-mail, on or off. */
export async function switchPasscodes(service: TestService, isOn: boolean, token?: string): Promise<void> {
  const path = '/identity/identityProviders'
  const body = { '@odata.type': '#microsoft.graph.builtInIdentityProvider', identityProviderType: 'EmailOTP' }
  const as = token === undefined ? {} : { token }
  const answer = isOn
    ? await service.api('POST', path, body, as)
    : await service.api('DELETE', `${path}/EmailOtpSignup-OAUTH`, undefined, as)
  if (answer.status !== (isOn ? 201 : 204)) throw new Error(`switching passcodes answered ${answer.status}`)
}

/** `account choose`, `account sign-in`, …: where a page stands. */
export function stepOf({ name, html }: Page): string {
  const step = /data-step="([^"]+)"/.exec(html)?.[1]
  return step === undefined ? `${name}` : `${name} ${step}`
}

/** The page of the account of a link. */
export function accountPage({ link }: Pick<Invited, 'link'>): string {
  return link.replace('/redeem', '/redeem/account')
}

/** From the link to the page that asks for a password or a passkey: the mailbox is proved. */
export async function proved(service: TestService, who: Invited, guest = new Guest()): Promise<Guest> {
  const page = accountPage(who)
  await guest.get(page)
  const sent = await guest.post(page, { action: 'send' })
  if (sent.status !== 303) throw new Error(`asking for a code answered ${sent.status} ${stepOf(sent)}`)
  await guest.get(page)
  const right = await guest.post(page, { code: await newestCode(service, who.address) })
  if (right.status !== 303) throw new Error(`the code answered ${right.status} ${stepOf(right)}`)
  const choose = await guest.get(page)
  if (stepOf(choose) !== 'account choose') throw new Error(`the code led to ${stepOf(choose)}`)
  return guest
}

/** An account with a password for whoever is invited; the consent page is due. */
export async function withPassword(
  service: TestService,
  who: Invited,
  password = PASSWORD,
  guest = new Guest(),
): Promise<Guest> {
  await proved(service, who, guest)
  const chosen = await guest.post(accountPage(who), { password, again: password })
  if (chosen.status !== 303) throw new Error(`choosing answered ${chosen.status} ${stepOf(chosen)}`)
  await guest.get(who.link)
  return guest
}

/** The same for a guest who has accepted. */
export async function acceptedByPassword(service: TestService, address: string, password = PASSWORD): Promise<Invited> {
  const who = await invited(service, address)
  const guest = await withPassword(service, who, password)
  const page = await guest.post(who.link, { choice: 'accept' })
  if (page.status !== 303) throw new Error(`accepting answered ${page.status} ${page.name}`)
  return who
}

/** Types a password on the page of the account of a link. */
export async function signInByPassword(who: Invited, password: string, guest = new Guest()): Promise<Page> {
  await guest.get(accountPage(who))
  return guest.post(accountPage(who), { password })
}
