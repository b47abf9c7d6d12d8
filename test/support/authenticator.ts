import { TOTP, URI } from 'otpauth'
import type { Guest, Page } from './guest.js'
import type { TestService } from './service.js'
import { until } from './until.js'

/** An authenticator app: what it learns from the page, and the code it shows at a moment. */
export type App = { codeAt(now: Date): string }

/** Sets an app up from the link that a page shows, as a phone would. */
export function appFrom(html: string): App {
  const uri = /href="(otpauth:[^"]+)"/.exec(html)?.[1]
  if (!uri) throw new Error('the page offers no key')
  const totp = URI.parse(uri.replaceAll('&amp;', '&'))
  if (!(totp instanceof TOTP)) throw new Error('not a time-based key')
  return { codeAt: (now) => totp.generate({ timestamp: now.getTime() }) }
}

/** The recovery codes on a page. */
export function recoveryCodesIn(html: string): string[] {
  return [...html.matchAll(/\b([0-9A-Z]{5}-[0-9A-Z]{5})\b/g)].map(([, code = '']) => code)
}

/** `mfa enrol`, `mfa challenge`, ...: where a page of the second step stands. */
export function stepOf({ html, name }: Page): string {
  return `${name} ${/data-step="([^"]+)"/.exec(html)?.[1] ?? '-'}`
}

/** Switches the second step on for guests, or as `change` says. */
export async function askForSecondStep(
  service: TestService,
  change: { isMfaRequired?: boolean; isMfaAccepted?: boolean } = {},
): Promise<void> {
  const body = { isMfaRequired: true, ...change }
  const answer = await service.api('PATCH', '/policies/guestAuthenticationPolicy', body)
  if (answer.status !== 204) throw new Error(`the policy answered ${answer.status}`)
}

/** From a page that asks to set an app up to the page after the recovery codes. */
export async function setUpApp(
  service: TestService,
  guest: Guest,
  link: string,
): Promise<{ app: App; recoveryCodes: string[] }> {
  const app = appFrom((await guest.get(link)).html)
  const proved = await guest.post(link, { code: app.codeAt(service.services.clock()) })
  if (proved.status !== 303) throw new Error(`setting up answered ${proved.status} ${stepOf(proved)}`)
  const recoveryCodes = recoveryCodesIn((await guest.get(link)).html)
  const kept = await guest.post(link, { action: 'kept' })
  if (kept.status !== 303) throw new Error(`keeping the codes answered ${kept.status}`)
  await guest.get(link)
  return { app, recoveryCodes }
}

/**
 * What somebody was told of changes to what they sign in with, oldest first: `A phone was added`, with `, by another` where
 * it was not themselves. Waits until there are `count`.
 */
export async function toldOfChanges(service: TestService, address: string, count: number): Promise<string[]> {
  let texts: string[] = []
  await until(async () => {
    const mails = await service.mails(address)
    texts = mails.filter(({ subject }) => subject === 'How you sign in to Contoso was changed').map(({ text }) => text)
    return texts.length >= count
  }, `${count} mails told ${address} of a change`)
  return texts.map((text) => shortly(text.replaceAll('\n', ' '))).reverse()
}

function shortly(text: string): string {
  const change = /(An? [^.]*? was (?:added|removed)) on /.exec(text)?.[1] ?? text
  const isByOther = text.includes('Somebody who looks after the accounts of Contoso did this.')
  return isByOther === text.includes('If this was you, there is nothing to do.')
    ? text
    : `${change}${isByOther ? ', by another' : ''}`
}
