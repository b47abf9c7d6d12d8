import { safeLink } from '../../platform/pages/link.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import type { LeaveObstacle } from '../rules.js'

type LeaveProps = {
  frame: OrganizationFrame
  csrf: string
  tenantId: string
  /** What keeps the person here; undefined: nothing. */
  obstacle: LeaveObstacle | undefined
  /** Whom they can ask: http, https or mailto. */
  contactUrl: string | undefined
}

/** Asks once more before somebody leaves, or says why they cannot and whom to ask (`data-page="leave"`). */
export function LeavePage({ frame, csrf, tenantId, obstacle, contactUrl }: LeaveProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const stay = `/myaccount?tenant=${tenantId}`
  if (obstacle) {
    const contact = safeLink(contactUrl)
    const heading = texts.say('leave.blocked.heading', names)
    return (
      <Page frame={frame} page="leave" step="blocked" title={titleOf(frame, heading)}>
        <Heading
          lead={texts.rich('leave.blocked.lead', {
            ...names,
            why: obstacle,
            reach: contact ? 'contact' : 'other',
            contact: contact ? <a href={contact.href}>{texts.ltr(contact.label)}</a> : '',
          })}
        >
          {texts.rich('leave.blocked.heading', names)}
        </Heading>
        <p class="acts">
          <a class="btn main" href={stay}>
            {texts.say('my.account')}
          </a>
        </p>
      </Page>
    )
  }
  return (
    <Page frame={frame} page="leave" title={titleOf(frame, texts.say('leave.heading', names))}>
      <Heading lead={texts.say('leave.lead')}>{texts.rich('leave.heading', names)}</Heading>
      <ul class="list">
        <li>{texts.rich('leave.days', names)}</li>
        <li>{texts.say('leave.later')}</li>
      </ul>
      <form method="post" class="acts">
        <CsrfField token={csrf} />
        <button type="submit" class="btn bad" name="choice" value="leave">
          <span>{texts.rich('my.leave', names)}</span>
        </button>
        <a class="btn" href={stay}>
          {texts.say('leave.stay')}
        </a>
      </form>
    </Page>
  )
}
