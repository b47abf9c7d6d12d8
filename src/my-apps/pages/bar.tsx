import type { ComponentChildren } from 'preact'
import { BarPage } from '../../platform/pages/bar-page.js'
import { CsrfField, initialsOf, type OrganizationFrame, titleOf } from '../../platform/pages/page.js'
import type { Standing } from '../store.js'

/** Another organization to go to. */
export type Way = { id: string; name: string; domain: string; standing: Standing }

/** What the bar of every page shows. */
export type BarProps = {
  frame: OrganizationFrame
  csrf: string
  tenantId: string
  person: { name: string; isGuest: boolean }
  organizations: readonly Way[]
  owns: boolean
  approves: boolean
  /** What is searched for. */
  query?: string | undefined
}

/** Organizations in the menu; the page of the account shows all. */
const MOST_IN_MENU = 12

/** A page of somebody who is signed in: organizations, search and account on top. */
export function MyPage(
  props: BarProps & { page: string; heading: string; error?: boolean; children: ComponentChildren },
) {
  const { frame, page, heading, error, children } = props
  const title = titleOf(frame, heading)
  return (
    <BarPage
      frame={frame}
      page={page}
      title={error ? frame.texts.say('page.title-error', { title }) : title}
      skip={frame.texts.say('my.skip')}
      bar={<Bar {...props} />}
    >
      {children}
    </BarPage>
  )
}

function Bar(props: BarProps) {
  const { frame, tenantId, query } = props
  const { texts } = frame
  return (
    <>
      <OrganizationMenu {...props} />
      <search class="grow">
        <form action="/myapps">
          <input type="hidden" name="tenant" value={tenantId} />
          <label class="hide" for="q">
            {texts.say('my.search')}
          </label>
          <input id="q" name="q" type="search" placeholder={texts.say('my.search')} value={query} maxlength={80} />
        </form>
      </search>
      <AccountMenu {...props} />
    </>
  )
}

function OrganizationMenu({ frame, csrf, tenantId, organizations }: BarProps) {
  const { texts, organization } = frame
  const ways = organizations.filter(({ standing }) => standing === 'good' || standing === 'home')
  return (
    <details class="menu">
      <summary>
        <OwnFace frame={frame} />
        <span>
          <span class="hide">{texts.say('my.organization')} </span>
          <b>{texts.isolate(organization.name)}</b>
        </span>
      </summary>
      <form method="post" action={`/myapps/switch?tenant=${tenantId}`}>
        <CsrfField token={csrf} />
        <ul class="drop">
          <li>
            <a href={`/myapps?tenant=${tenantId}`} aria-current="true">
              <Named frame={frame} name={organization.name} sub={texts.ltr(organization.domain)} />
            </a>
          </li>
          {ways.slice(0, MOST_IN_MENU).map(({ id, name, domain, standing }) => (
            <li key={id}>
              {standing === 'home' ? (
                <a href={`/myapps?tenant=${id}`}>
                  <Named frame={frame} name={name} sub={texts.rich('my.asks', { domain: texts.ltr(domain) })} />
                </a>
              ) : (
                <button type="submit" name="to" value={id}>
                  <Named frame={frame} name={name} sub={texts.ltr(domain)} />
                </button>
              )}
            </li>
          ))}
        </ul>
      </form>
    </details>
  )
}

function AccountMenu({ frame, csrf, tenantId, person, owns, approves }: BarProps) {
  const { texts, organization } = frame
  const at = (path: string) => `${path}?tenant=${tenantId}`
  return (
    <details class="menu">
      <summary>
        <Face name={person.name} />
        <span class="tuck">{texts.isolate(person.name)}</span>
        <span class="hide">{texts.say('my.menu')}</span>
      </summary>
      <form method="post" action={at('/myapps/sign-out')}>
        <CsrfField token={csrf} />
        <ul class="drop end">
          <li>
            <a href={at('/myaccount')}>{texts.say('my.account')}</a>
          </li>
          <li>
            <a href={`${at('/myaccount')}#methods`}>{texts.say('account.methods')}</a>
          </li>
          {owns && (
            <li>
              <a href={at('/myapps/manage')}>{texts.say('my.manage')}</a>
            </li>
          )}
          {approves && (
            <li>
              <a href={at('/myaccess/sign-ups')}>{texts.say('approval.list.heading')}</a>
            </li>
          )}
          {person.isGuest && (
            <li>
              <a href={at('/myaccount/leave')}>
                <span>{texts.rich('my.leave', { organization: organization.name })}</span>
              </a>
            </li>
          )}
          <li>
            <button type="submit">{texts.say('my.sign-out')}</button>
          </li>
        </ul>
      </form>
    </details>
  )
}

function Named({ frame, name, sub }: { frame: OrganizationFrame; name: string; sub: ComponentChildren }) {
  return (
    <>
      <Face name={name} />
      <span>
        {frame.texts.isolate(name)} <span class="sub">{sub}</span>
      </span>
    </>
  )
}

/** The logo of the organization a page is about, or its initials. */
export function OwnFace({ frame: { organization } }: Pick<BarProps, 'frame'>) {
  if (!organization.logoUrl) return <Face name={organization.name} />
  return (
    <span class="logo">
      <img src={organization.logoUrl} alt="" />
    </span>
  )
}

/** The initials that stand for a name. */
export function Face({ name, tint }: { name: string; tint?: string }) {
  return (
    <span class={tint ? `face ${tint}` : 'face'} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}
