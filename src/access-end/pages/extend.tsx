import type { Instant } from '../../kernel/instant.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'

type ExtendPageProps = {
  frame: OrganizationFrame
  csrf: string
  guest: { name: string; address: string }
  end: Instant
  /** Until when it would last; undefined when the organization lets sponsors extend nothing. */
  until: Instant | undefined
  /** Where the code goes, when the sponsor has yet to prove who they are. */
  codeTo: string | undefined
}

/** Asks a sponsor whether a guest's access shall last longer. Shows; the button does. */
export function ExtendPage({ frame, csrf, guest, end, until, codeTo }: ExtendPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name, guest: guest.name }
  const heading = texts.say('extend.heading', names)
  return (
    <Page frame={frame} page="extend" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('extend.lead', names)}>{texts.rich('extend.heading', names)}</Heading>
      <dl class="rows">
        <Fact term={texts.say('extend.guest')}>{texts.ltr(guest.address)}</Fact>
        <Fact term={texts.say('extend.ends')}>{texts.date(end)}</Fact>
        {until && <Fact term={texts.say('extend.until')}>{texts.date(until)}</Fact>}
      </dl>
      {until ? (
        <form method="post" class="stack">
          <CsrfField token={csrf} />
          {codeTo && <p>{texts.say('extend.check')}</p>}
          <button type="submit" class="btn main" name="action" value={codeTo ? 'send' : 'extend'}>
            <span>
              {codeTo ? texts.rich('start.send', { address: texts.ltr(codeTo) }) : texts.say('extend.button')}
            </span>
          </button>
        </form>
      ) : (
        <p>{texts.rich('extend.none', names)}</p>
      )}
    </Page>
  )
}

function Fact({ term, children }: { term: string; children: ReturnType<OrganizationFrame['texts']['ltr']> }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type ExtendedPageProps = { frame: OrganizationFrame; guest: string; until: Instant }

/** It is done. */
export function ExtendedPage({ frame, guest, until }: ExtendedPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name, guest, date: texts.date(until) }
  return (
    <Page frame={frame} page="extended" title={titleOf(frame, texts.say('extended.heading', names))}>
      <Heading lead={texts.rich('extended.lead', names)}>{texts.rich('extended.heading', names)}</Heading>
    </Page>
  )
}
