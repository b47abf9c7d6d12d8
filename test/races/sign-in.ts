import { passcodeOf } from '../../src/sign-in/index.js'
import { Guest, type Page } from '../support/guest.js'
import type { TestService } from '../support/service.js'

/** Lets a test give each guest a client address of its own, so that the limit per address stays out of the way. */
export const BEHIND_PROXY = { VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8,::1/128' }

let networks = 0

/** The header that says where a request came from, another network each time. */
export function elsewhere(): { 'x-forwarded-for': string } {
  networks += 1
  return { 'x-forwarded-for': `10.${(networks >> 16) & 255}.${(networks >> 8) & 255}.${networks & 255}` }
}

/** The code that was asked for last for an address, without waiting for its mail. */
export async function newestCode(service: TestService, folded: string): Promise<string> {
  const [row] = await service.rows(
    `select id from passcodes where address_folded = '${folded}' order by id desc limit 1`,
  )
  if (!row) throw new Error(`nobody asked for a code for ${folded}`)
  return passcodeOf(service.services.keys, service.tenantId, row['id'])
}

/** A browser that has proved the address and looks at the consent page. Needs no mail worker. */
export async function browserAtConsent(service: TestService, link: string, folded: string): Promise<Guest> {
  const guest = new Guest()
  await guest.get(link)
  const sent = await guest.post(link, { action: 'send' }, elsewhere())
  if (sent.status !== 303) throw new Error(`asking for a code answered ${sent.status} ${sent.name}`)
  const proved = await guest.post(link, { code: await newestCode(service, folded) })
  if (proved.status !== 303) throw new Error(`the code answered ${proved.status} ${proved.name}`)
  const page: Page = await guest.get(link)
  if (page.name !== 'consent') throw new Error(`after the code the link shows ${page.name}`)
  return guest
}
