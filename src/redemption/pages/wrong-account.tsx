import type { Texts } from '../../platform/i18n/index.js'
import { CsrfField, Heading, initialsOf, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import { type Inviter, waysToAsk } from './asking.js'

type WrongAccountPageProps = {
  frame: OrganizationFrame
  csrf: string
  inviter: Inviter
  contactUrl?: string | undefined
  /** Both in full: the person must see which is which. */
  invitedAddress: string
  signedInAs: string
  /** Where switching leads: a code, an account here, one home by its name, or the choice. */
  next: { kind: 'code' } | { kind: 'local' } | { kind: 'home'; name: string } | { kind: 'choose' }
  /** Where the form goes, when not to the page's own address. */
  action?: string | undefined
}

/** The browser is signed in with another address than the invited one: names both and offers the switch. */
export function WrongAccountPage(props: WrongAccountPageProps) {
  const { frame, csrf, inviter, contactUrl, invitedAddress, signedInAs, next, action } = props
  const { texts, organization } = frame
  const heading = texts.say('wrong-account.heading')
  const { values } = waysToAsk(frame, inviter, contactUrl)
  return (
    <Page frame={frame} page="wrong-account" title={titleOf(frame, heading)}>
      <Heading lead={texts.say('wrong-account.lead')}>{heading}</Heading>
      <div class="pair">
        <div class="who">
          <Initials of={invitedAddress} />
          <span>
            <span class="sub">{texts.rich('wrong-account.invited', { organization: organization.name })}</span>
            <b>{texts.ltr(invitedAddress)}</b>
          </span>
        </div>
        <div class="who">
          <Initials of={signedInAs} />
          <span>
            <span class="sub">{texts.say('wrong-account.signed-in')}</span>
            <b>{texts.ltr(signedInAs)}</b>
          </span>
        </div>
      </div>
      <form method="post" action={action} class="stack">
        <CsrfField token={csrf} />
        <button type="submit" class="btn main" name="action" value="switch">
          <span>{texts.rich('wrong-account.switch', { address: texts.ltr(invitedAddress) })}</span>
        </button>
      </form>
      <p class="sub">{texts.join(nextWords(texts, next), texts.rich('wrong-account.other', values))}</p>
    </Page>
  )
}

function nextWords(texts: Texts, next: WrongAccountPageProps['next']) {
  if (next.kind === 'home') return texts.rich('wrong-account.next.home', { home: next.name })
  const keys = {
    code: 'wrong-account.next',
    local: 'wrong-account.next.local',
    choose: 'wrong-account.next.choose',
  } as const
  return texts.say(keys[next.kind])
}

function Initials({ of: address }: { of: string }) {
  return (
    <span class="face" aria-hidden="true">
      {initialsOf(address.slice(0, address.lastIndexOf('@')))}
    </span>
  )
}
