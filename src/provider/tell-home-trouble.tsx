import type { FastifyReply } from 'fastify'
import { referenceOf } from '../kernel/ids.js'
import { safeLink } from '../platform/pages/link.js'
import type { OrganizationFrame } from '../platform/pages/page.js'
import { sendPage } from '../platform/pages/send-page.js'
import { HOME_AGAIN_SECONDS, HomeTroublePage, TROUBLE_STATUS, type Trouble } from '../sign-in/index.js'
import type { Turn } from './sign-in-turn.js'

/**
 * What went wrong at somebody's home on the way to an application, as redemption tells it: they can begin again. The
 * reference is of the lines that the sign-in log has of this.
 */
export function tellHomeTrouble(
  { tenant, interaction, reply }: Turn,
  { frame, csrf, correlationId }: { frame: OrganizationFrame; csrf: string; correlationId: string },
  trouble: Trouble,
  home: string,
): FastifyReply {
  const contact = safeLink(tenant.contactAddress && `mailto:${tenant.contactAddress}`)
  const page = (
    <HomeTroublePage
      frame={frame}
      csrf={csrf}
      action={`/signin/app/${interaction.uid}?tenant=${tenant.id}`}
      ask={{
        reach: contact ? 'contact' : 'other',
        inviter: '',
        organization: frame.organization.name,
        contact: contact ? <a href={contact.href}>{frame.texts.ltr(contact.label)}</a> : '',
      }}
      reference={referenceOf(correlationId)}
      referenceOf="sign-in"
      trouble={trouble}
      home={home}
    />
  )
  return sendPage(reply, page, {
    status: TROUBLE_STATUS[trouble],
    nonce: frame.nonce,
    retryAfterSeconds: trouble === 'unreachable' ? HOME_AGAIN_SECONDS : undefined,
    // A home's answer can lead to the application at once, and Chromium holds each redirect after a submit against this.
    formAction: "'self' https: http:",
  })
}
