import type { ComponentChildren } from 'preact'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import type { RequestView } from '../../user-flows/index.js'
import { type BarProps, MyPage } from './bar.js'

/** What waits for somebody's decision (`data-page="approvals"`). */
export function ApprovalsPage(props: BarProps & { requests: readonly RequestView[]; isCut: boolean }) {
  const { frame, tenantId, requests, isCut } = props
  const { texts, organization } = frame
  const heading = texts.say('approval.list.heading')
  return (
    <MyPage {...props} page="approvals" heading={heading}>
      <div>
        <h1>{heading}</h1>
        <p class="sub">{texts.rich('approval.list.lead', { organization: organization.name })}</p>
      </div>
      {requests.length === 0 && <p class="empty">{texts.say('approval.list.none')}</p>}
      {requests.length > 0 && (
        <ul class="panel pair">
          {requests.map(({ id, email, createdAt }) => (
            <li class="row" key={id}>
              <a class="alone" href={`/myaccess/sign-ups/${id}?tenant=${tenantId}`}>
                {texts.ltr(email)}
              </a>
              <span class="sub">{texts.say('approval.list.asked', { date: texts.date(createdAt) })}</span>
            </li>
          ))}
        </ul>
      )}
      {isCut && <p class="sub">{texts.say('approval.list.more', { count: requests.length })}</p>}
    </MyPage>
  )
}

/** Why pressing a button did not do what it says. `late`: somebody was faster. */
export type ApprovalTrouble = { kind: 'late' | 'domain' | 'account' } | { kind: 'reasonTooLong'; typed: string }

type ApprovalProps = {
  frame: OrganizationFrame
  csrf: string
  request: RequestView
  trouble: ApprovalTrouble | undefined
  mostReason: number
  listUrl: string
}

/**
 * One request: what is known of the visitor and the two answers, or what was decided (`data-page="approval"`). All that
 * the visitor said is text.
 */
export function ApprovalPage(props: ApprovalProps) {
  const { frame, request, trouble, listUrl } = props
  const { texts } = frame
  const isOpen = request.state === 'pending'
  const heading = isOpen
    ? texts.say('approval.ask.heading', { address: request.email })
    : texts.say(`approval.decided.${decidedAs(request)}`)
  const title = titleOf(frame, heading)
  const isWrong = isOpen && trouble !== undefined
  return (
    <Page
      frame={frame}
      page="approval"
      step={isOpen ? 'ask' : decidedAs(request)}
      title={isWrong ? texts.say('page.title-error', { title }) : title}
    >
      <Heading lead={isOpen ? askLead(props) : decidedLead(props)}>
        {isOpen ? texts.rich('approval.ask.heading', { address: texts.ltr(request.email) }) : heading}
      </Heading>
      <Trouble {...props} />
      <Facts frame={frame} request={request} />
      {isOpen && <Choice {...props} />}
      <p>
        <a class="alone" href={listUrl}>
          {texts.say('approval.back')}
        </a>
      </p>
    </Page>
  )
}

function decidedAs({ state }: RequestView): 'approved' | 'denied' | 'lapsed' {
  return state === 'pending' ? 'lapsed' : state
}

function askLead({ frame: { texts }, request }: ApprovalProps): ComponentChildren {
  return texts.say('approval.ask.lead', { date: texts.date(request.expiresAt) })
}

function decidedLead({ frame: { texts }, request, trouble }: ApprovalProps): ComponentChildren {
  const { state, decided, email } = request
  const values = {
    person: decided?.by ?? texts.say('approval.decided.somebody'),
    date: texts.dateTime(decided?.at ?? request.expiresAt),
    address: texts.ltr(email),
  }
  const isByPerson = state === 'approved' || state === 'denied'
  const told = texts.rich(isByPerson ? `approval.decided.${state}.by` : 'approval.decided.nobody', values)
  return texts.join(trouble?.kind === 'late' && isByPerson && texts.say('approval.late'), told)
}

function Trouble({ frame: { texts, organization }, request, trouble }: ApprovalProps) {
  if (trouble?.kind !== 'domain' && trouble?.kind !== 'account') return null
  const domain = request.email.slice(request.email.lastIndexOf('@') + 1)
  return (
    <p class="note bad" role="alert">
      {trouble.kind === 'domain'
        ? texts.rich('approval.refused.domain', { domain: texts.ltr(domain) })
        : texts.rich('approval.refused.account', { organization: organization.name })}
    </p>
  )
}

function Facts({ frame: { texts }, request }: Pick<ApprovalProps, 'frame' | 'request'>) {
  const { email, displayName, issuer, answers, createdAt } = request
  const isNamed = answers.some(({ name }) => name === 'displayName')
  return (
    <>
      <dl class="rows">
        <Fact term={texts.say('approval.fact.address')}>{texts.ltr(email)}</Fact>
        <Fact term={texts.say('approval.fact.provider')}>
          {issuer === 'mail' ? texts.say('approval.fact.mailbox') : texts.ltr(issuer)}
        </Fact>
        <Fact term={texts.say('approval.fact.asked')}>{texts.dateTime(createdAt)}</Fact>
        {displayName && !isNamed && <Fact term={texts.say('approval.fact.name')}>{own(displayName)}</Fact>}
        {answers.map(({ name, label, value }) => (
          <Fact key={name} term={label}>
            {own(value)}
          </Fact>
        ))}
      </dl>
      <p class="sub">{texts.say('approval.ask.typed')}</p>
    </>
  )
}

/** Words of the visitor: their own direction, and no line of them passes for one of ours. */
function own(text: string) {
  return <bdi>{text}</bdi>
}

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Choice({ frame: { texts }, csrf, trouble, mostReason }: ApprovalProps) {
  const tooLong = trouble?.kind === 'reasonTooLong' ? trouble : undefined
  return (
    <form method="post" class="stack">
      <CsrfField token={csrf} />
      <div>
        <label for="reason">{texts.say('approval.reason.label')}</label>
        <p class="hint" id="reason-hint">
          {texts.say('approval.reason.hint', { count: mostReason })}
        </p>
        {tooLong && (
          <p class="error" id="reason-error">
            {texts.say('approval.reason.long', { count: mostReason })}
          </p>
        )}
        <textarea
          id="reason"
          name="reason"
          rows={3}
          dir="auto"
          aria-invalid={tooLong ? 'true' : undefined}
          aria-describedby={tooLong ? 'reason-hint reason-error' : 'reason-hint'}
        >
          {tooLong?.typed}
        </textarea>
      </div>
      <div class="acts">
        <button type="submit" class="btn main" name="choice" value="approve">
          {texts.say('approval.approve')}
        </button>
        <button type="submit" class="btn" name="choice" value="deny">
          {texts.say('approval.deny')}
        </button>
      </div>
    </form>
  )
}
