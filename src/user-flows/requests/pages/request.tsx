import { AddressForm } from '../../../platform/pages/address-form.js'
import { safeLink } from '../../../platform/pages/link.js'
import { Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { State } from '../rules.js'

/** A request as its visitor reads it. A reason is not there: it is in the mail, as what somebody wrote. */
export type OwnRequest = { state: State; email: string; createdAt: Date; expiresAt: Date; decidedAt: Date | undefined }

type RequestPageProps = {
  frame: OrganizationFrame
  request: OwnRequest
  /** Whom to ask: http, https or mailto. */
  contactUrl: string | undefined
  /** Unset: the flow is gone. */
  signUpUrl: string | undefined
  signInUrl: string
}

/** What became of a request (`data-page="pending"`, `denied`, `lapsed` or `approved`). */
export function RequestPage({ frame, request, contactUrl, signUpUrl, signInUrl }: RequestPageProps) {
  const { texts, organization } = frame
  const { state, email, expiresAt, decidedAt } = request
  const names = { organization: organization.name }
  const values = { ...names, address: texts.ltr(email), date: texts.date(decidedAt ?? expiresAt) }
  const contact = safeLink(contactUrl)
  const isClosed = state === 'lapsed' && signUpUrl === undefined
  const way =
    state === 'lapsed' && signUpUrl !== undefined
      ? { href: signUpUrl, words: texts.say('approval.lapsed.again') }
      : state === 'approved'
        ? { href: signInUrl, words: texts.say('approval.approved.open') }
        : undefined
  return (
    <Page frame={frame} page={state} title={titleOf(frame, texts.say(`approval.${state}.heading`, names))}>
      <Heading lead={texts.rich(isClosed ? 'approval.withdrawn.lead' : `approval.${state}.lead`, values)}>
        {texts.rich(`approval.${state}.heading`, names)}
      </Heading>
      {state === 'pending' && <Steps frame={frame} request={request} />}
      {way && (
        <p class="acts">
          <a class="btn main" href={way.href}>
            {way.words}
          </a>
        </p>
      )}
      {(state === 'pending' || contact) && (
        <p class="sub">
          {texts.join(
            state === 'pending' && texts.say('approval.pending.again'),
            contact &&
              texts.rich('approval.questions', { contact: <a href={contact.href}>{texts.ltr(contact.label)}</a> }),
          )}
        </p>
      )}
    </Page>
  )
}

function Steps({ frame, request }: Pick<RequestPageProps, 'frame' | 'request'>) {
  const { texts, organization } = frame
  return (
    <ol class="time">
      <li class="ok">
        <b>{texts.say('approval.step.sent')}</b> <span class="sub">{texts.dateTime(request.createdAt)}</span>
      </li>
      <li>
        <b>{texts.rich('approval.step.waits', { organization: organization.name })}</b>{' '}
        <span class="sub">{texts.say('approval.step.until', { date: texts.date(request.expiresAt) })}</span>
      </li>
    </ol>
  )
}

type LookProps = { frame: OrganizationFrame; csrf: string; typed?: string | undefined }

/** Asks for the mailbox of a request where the browser does not tell (`data-page="request"`). */
export function LookPage({ frame, csrf, typed }: LookProps) {
  const { texts, organization } = frame
  const heading = texts.say('approval.look.heading')
  const title = titleOf(frame, heading)
  return (
    <Page frame={frame} page="request" title={typed === undefined ? title : texts.say('page.title-error', { title })}>
      <Heading lead={texts.rich('approval.look.lead', { organization: organization.name })}>{heading}</Heading>
      <AddressForm texts={texts} csrf={csrf} address={typed} isMalformed={typed !== undefined} />
    </Page>
  )
}

/** Told only to whoever has proved the mailbox (`data-page="no-request"`). */
export function NoRequestPage({
  frame,
  email,
  signUpUrl,
}: {
  frame: OrganizationFrame
  email: string
  signUpUrl: string
}) {
  const { texts, organization } = frame
  const heading = texts.say('approval.none.heading')
  const values = { organization: organization.name, address: texts.ltr(email) }
  return (
    <Page frame={frame} page="no-request" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('approval.none.lead', values)}>{heading}</Heading>
      <p class="acts">
        <a class="btn main" href={signUpUrl}>
          {texts.say('approval.lapsed.again')}
        </a>
      </p>
    </Page>
  )
}
