import type { ComponentChildren } from 'preact'
import { instantOf } from '../../kernel/instant.js'
import { LANGUAGES } from '../../platform/i18n/index.js'
import { safeLink } from '../../platform/pages/link.js'
import { CsrfField } from '../../platform/pages/page.js'
import type { OwnMethods } from '../../sign-in/index.js'
import type { BrowserView, OtherOrganization, PersonView } from '../store.js'
import { type BarProps, Face, MyPage, OwnFace } from './bar.js'

/** What has just been done. */
export type Notice = { kind: 'methods' } | { kind: 'browsers'; count: number }

type AccountProps = BarProps & {
  view: PersonView
  browsers: readonly BrowserView[]
  own: OwnMethods
  notice: Notice | undefined
}

/** The account of whoever is signed in (`data-page="my-account"`). */
export function AccountPage(props: AccountProps) {
  const { frame, notice } = props
  const { texts, organization } = frame
  const heading = texts.say('account.heading')
  return (
    <MyPage {...props} page="my-account" heading={heading}>
      <div>
        <h1>{heading}</h1>
        <p class="sub">{texts.rich('account.lead', { organization: organization.name })}</p>
      </div>
      {notice && (
        <p class="note" role="status">
          {notice.kind === 'methods'
            ? texts.say('account.changed')
            : texts.say('account.browsers.ended', { count: notice.count })}
        </p>
      )}
      <About {...props} />
      <Organizations {...props} />
      <Methods {...props} />
      <Browsers {...props} />
      <Languages {...props} />
    </MyPage>
  )
}

type PanelProps = { id: string; heading: string; lead?: ComponentChildren; children: ComponentChildren }

function Panel({ id, heading, lead, children }: PanelProps) {
  return (
    <section class="panel pad" id={id} aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>{heading}</h2>
      {lead && <p class="sub">{lead}</p>}
      {children}
    </section>
  )
}

function About({ frame, view: { person, session }, person: { isGuest } }: AccountProps) {
  const { texts, organization } = frame
  const kind = isGuest ? 'guest' : 'member'
  const facts: [string, ComponentChildren][] = [
    [texts.say('account.name'), texts.isolate(person.displayName)],
    ...(person.mail ? [[texts.say('account.mail'), texts.ltr(person.mail)] as [string, ComponentChildren]] : []),
    ...(session.address !== '' && session.address !== person.mail
      ? [[texts.say('account.signed-in-as'), texts.ltr(session.address)] as [string, ComponentChildren]]
      : []),
    [texts.say('account.type'), texts.rich('account.type.value', { kind, organization: organization.name })],
  ]
  return (
    <Panel id="about" heading={texts.say('account.you')}>
      <dl class="rows">
        {facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Organizations(props: AccountProps) {
  const { frame, csrf, tenantId, organizations, person } = props
  const { texts, organization } = frame
  return (
    <Panel
      id="organizations"
      heading={texts.say('account.organizations')}
      lead={texts.say('account.organizations.lead')}
    >
      <form method="post" action={`/myapps/switch?tenant=${tenantId}`} class="gap">
        <CsrfField token={csrf} />
        <ul class="pair">
          <li class="row">
            <span class="who">
              <OwnFace frame={frame} />
              <span>
                <b>{texts.isolate(organization.name)}</b>
                <span class="sub">{texts.ltr(organization.domain)}</span>
              </span>
            </span>
            <span class="acts">
              <span class="chip ok">{texts.say(person.isGuest ? 'account.here' : 'account.home')}</span>
              {person.isGuest && (
                <a class="btn bad" href={`/myaccount/leave?tenant=${tenantId}`}>
                  <span>{texts.rich('account.leave', { organization: organization.name })}</span>
                </a>
              )}
            </span>
          </li>
          {/* The guest's other organizations: leaving one of them starts there. */}
          {props.view.organizations.slice(0, MOST_ORGANIZATIONS).map((other) => (
            <li class="row" key={other.id}>
              <OtherRow {...props} other={other} />
            </li>
          ))}
        </ul>
        {organizations.length > 0 && <input type="hidden" name="next" value="account" />}
      </form>
    </Panel>
  )
}

/** Rows of the list: with those that follow, the page keeps its size. */
const MOST_ORGANIZATIONS = 40

function OtherRow({ frame, other }: AccountProps & { other: OtherOrganization }) {
  const { texts } = frame
  const { id, name, domain, standing } = other
  const contact = safeLink(
    other.contactAddress ? `mailto:${other.contactAddress}` : (other.privacyStatementUrl ?? undefined),
  )
  return (
    <>
      <span class="who">
        <Face name={name} />
        <span>
          <b>{texts.isolate(name)}</b>
          <span class="sub">{texts.ltr(domain)}</span>
          {(standing === 'disabled' || standing === 'ended') && (
            <span class="sub">
              {texts.rich('account.off', {
                why: standing,
                reach: contact ? 'contact' : 'other',
                contact: contact ? <a href={contact.href}>{texts.ltr(contact.label)}</a> : '',
              })}
            </span>
          )}
        </span>
      </span>
      {standing === 'home' && (
        <span class="acts">
          <span class="chip">{texts.say('account.home')}</span>
          <a class="btn" href={`/myapps?tenant=${id}`}>
            <span>{texts.rich('account.open', { organization: name })}</span>
          </a>
        </span>
      )}
      {standing === 'good' && (
        <button type="submit" class="btn" name="to" value={id}>
          <span>{texts.rich('account.switch', { organization: name })}</span>
        </button>
      )}
    </>
  )
}

function Methods({ frame, csrf, tenantId, own }: AccountProps) {
  const { texts } = frame
  const kindOf = (kind: string) => texts.say('account.method.kind', { kind })
  return (
    <Panel id="methods" heading={texts.say('account.methods')} lead={texts.say('account.methods.lead')}>
      <form method="post" action={`/myaccount/methods?tenant=${tenantId}`} class="stack gap">
        <CsrfField token={csrf} />
        {own.methods.length === 0 && <p>{texts.say('account.methods.none')}</p>}
        {own.methods.length > 0 && (
          <ul class="pair">
            {own.methods.map(({ id, kind, displayName, created, lastUsed }) => (
              <li class="row" key={id}>
                <span>
                  <b>{kindOf(kind)}</b>
                  {displayName && <> {texts.isolate(displayName)}</>}
                  <span class="sub">
                    {texts.say('account.method.times', {
                      added: texts.date(created),
                      used: texts.date(lastUsed ?? created),
                    })}
                  </span>
                </span>
                <button type="submit" class="btn" name="id" value={id}>
                  <span>
                    {texts.rich('account.method.remove', { method: kindOf(kind), added: texts.date(created) })}
                  </span>
                </button>
              </li>
            ))}
            <li class="row">
              <span>
                <b>{texts.say('account.codes')}</b>
                <span class="sub">{texts.say('account.codes.left', { count: own.recoveryCodesLeft })}</span>
              </span>
              <button type="submit" class="btn" name="action" value="codes">
                {texts.say('account.codes.renew')}
              </button>
            </li>
          </ul>
        )}
        <button type="submit" class="btn" name="action" value="add">
          {texts.say('account.method.add')}
        </button>
      </form>
    </Panel>
  )
}

function Browsers({ frame, csrf, tenantId, browsers }: AccountProps) {
  const { texts, organization } = frame
  const lead = texts.rich('account.browsers.lead', { organization: organization.name })
  return (
    <Panel id="browsers" heading={texts.say('account.browsers')} lead={lead}>
      <form method="post" action={`/myaccount/browsers?tenant=${tenantId}`} class="stack gap">
        <CsrfField token={csrf} />
        <ul class="pair">
          {browsers.map(({ id, isCurrent, family, createdAt, usedAt }) => {
            const browser = family ?? texts.say('account.browser.unknown')
            const since = texts.dateTime(instantOf(createdAt))
            return (
              <li class="row" key={id}>
                <span>
                  <b>{texts.isolate(browser)}</b>{' '}
                  {isCurrent && <span class="chip ok">{texts.say('account.browser.this')}</span>}
                  <span class="sub">
                    {texts.say('account.browser.times', { used: texts.dateTime(instantOf(usedAt)), since })}
                  </span>
                </span>
                <button type="submit" class="btn" name="id" value={id}>
                  <span>{texts.rich('account.browser.end', { browser, since })}</span>
                </button>
              </li>
            )
          })}
        </ul>
        {browsers.length > 1 && (
          <button type="submit" class="btn bad" name="which" value="others">
            {texts.say('account.browser.others')}
          </button>
        )}
      </form>
    </Panel>
  )
}

function Languages({ frame, tenantId }: AccountProps) {
  const { texts } = frame
  return (
    <Panel id="language" heading={texts.say('account.language')}>
      <p class="acts">
        {LANGUAGES.map(({ code, name }) => (
          <a
            key={code}
            class="btn"
            href={`/myaccount?tenant=${tenantId}&lang=${code}`}
            lang={code}
            hreflang={code}
            aria-current={code === texts.language ? 'true' : undefined}
          >
            {name}
          </a>
        ))}
      </p>
    </Panel>
  )
}
