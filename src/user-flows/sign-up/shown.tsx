import type { FastifyReply } from 'fastify'
import type { VNode } from 'preact'
import { parseEmailAddress } from '../../kernel/email-address.js'
import { type RichValues, textsIn } from '../../platform/i18n/index.js'
import { safeLink } from '../../platform/pages/link.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'
import { sendPage } from '../../platform/pages/send-page.js'
import { csrfOf } from '../../sign-in/index.js'
import { organizationFrame } from '../../tenants/index.js'
import { languageIn, pathOf, type Visit, withQuery } from './visit.js'

/** For pages whose POST can end at a home or an application: Chromium holds each redirect after a submit against this. */
const LEADS_ON = { formAction: "'self' https: http:" } as const

/** What stands around every page of a flow, in the visitor's language or the flow's. */
export function frameOf(visit: Visit): OrganizationFrame {
  return { ...organizationFrame(visit), texts: textsIn(languageIn(visit)) }
}

/** Whom a visitor can ask, for `home.ask`. */
export function askOf({ tenant }: Pick<Visit, 'tenant'>, { texts }: OrganizationFrame): RichValues {
  const contact = safeLink(tenant.contactAddress && `mailto:${tenant.contactAddress}`)
  return {
    reach: contact ? 'contact' : 'other',
    inviter: '',
    organization: tenant.displayName,
    contact: contact ? <a href={contact.href}>{texts.ltr(contact.label)}</a> : '',
  }
}

export type Sent = { status: number; retryAfterSeconds?: number; runsOwnScript?: boolean }

export function send(visit: Visit, frame: OrganizationFrame, page: VNode, sent: Sent): FastifyReply {
  return sendPage(visit.reply, page, { ...sent, nonce: frame.nonce, ...LEADS_ON })
}

/** What `askForCode` and `tellLimit` draw with. */
export function asked(visit: Visit, address: string) {
  return {
    frame: frameOf(visit),
    csrf: csrfOf(visit),
    address,
    security: LEADS_ON,
    otherUrl: withQuery(pathOf(visit), 'other=1'),
  }
}

export function domainOf(address: string): string {
  return parseEmailAddress(address)?.domain ?? ''
}
