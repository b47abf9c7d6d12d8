import { AddressForm } from '../../../platform/pages/address-form.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../../platform/pages/page.js'
import type { Challenge } from '../challenge.js'
import { Guards, OneButton } from './parts.js'

/** A way that is offered. `key` names it in the form. */
export type ShownWay = { key: string; name: string }

type BeginPageProps = {
  frame: OrganizationFrame
  csrf: string
  /** Providers that need no address to begin at. */
  ways: readonly ShownWay[]
  takesAddress: boolean
  address?: string | undefined
  /** Whether what was typed is no address (422). */
  isMalformed?: boolean
  /** The work that browsers do first, and the script that does it. */
  work?: { challenge: Challenge; script: string } | undefined
}

/** The first page: who somebody is, by one of the ways that the flow offers. */
export function BeginPage(props: BeginPageProps) {
  const { frame, csrf, ways, takesAddress, address, isMalformed = false, work } = props
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const title = texts.say('sign-up.start.heading', names)
  const guards = (id: string) => <Guards texts={texts} id={id} works={work !== undefined} />
  return (
    <Page
      frame={frame}
      page="choose-provider"
      title={isMalformed ? texts.say('page.title-error', { title }) : title}
      script={work?.script}
    >
      <Heading lead={texts.say('sign-up.start.lead')}>{texts.rich('sign-up.start.heading', names)}</Heading>
      {ways.length > 0 && (
        <form method="post" class="stack">
          <CsrfField token={csrf} />
          {guards('ways')}
          <div class="acts">
            {ways.map(({ key, name }) => (
              <button type="submit" class="btn" name="provider" value={key}>
                <span>{texts.rich('sign-up.start.with', { home: name })}</span>
              </button>
            ))}
          </div>
        </form>
      )}
      {ways.length > 0 && takesAddress && <p class="sub">{texts.say('sign-up.start.or')}</p>}
      {takesAddress && (
        <AddressForm texts={texts} csrf={csrf} address={address} isMalformed={isMalformed}>
          {guards('address')}
        </AddressForm>
      )}
      {ways.length === 0 && !takesAddress && <p class="note">{texts.say('sign-up.start.none')}</p>}
      {work && (
        <p class="sub" data-challenge={work.challenge.text} data-bits={work.challenge.bits}>
          {texts.say('sign-up.start.work')}
        </p>
      )}
    </Page>
  )
}

type ChooseWayPageProps = {
  frame: OrganizationFrame
  csrf: string
  address: string
  ways: readonly ShownWay[]
  work: string
}

/** Several accounts can prove the address that was typed. */
export function ChooseWayPage({ frame, csrf, address, ways, work }: ChooseWayPageProps) {
  const { texts } = frame
  const heading = texts.say('choose.heading')
  return (
    <Page frame={frame} page="choose-provider" step="ways" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('choose.lead', { address: texts.ltr(address) })}>{heading}</Heading>
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <input type="hidden" name="email" value={address} />
        <input type="hidden" name="work" value={work} />
        <div class="acts">
          {ways.map(({ key, name }) => (
            <button type="submit" class="btn" name="choice" value={key}>
              <span>
                {key === 'code' ? texts.say('choose.code') : texts.rich('sign-up.start.with', { home: name })}
              </span>
            </button>
          ))}
        </div>
      </form>
    </Page>
  )
}

type ConfirmAddressPageProps = {
  frame: OrganizationFrame
  csrf: string
  address: string | undefined
  isMalformed?: boolean
}

/** Somebody's home has named them and answers for no address: it is proved by a code. */
export function ConfirmAddressPage({ frame, csrf, address, isMalformed = false }: ConfirmAddressPageProps) {
  const { texts } = frame
  const heading = texts.say('sign-up.address.heading')
  const title = titleOf(frame, heading)
  return (
    <Page
      frame={frame}
      page="sign-up"
      step="address"
      title={isMalformed ? texts.say('page.title-error', { title }) : title}
    >
      <Heading lead={texts.say('sign-up.address.lead')}>{heading}</Heading>
      <AddressForm texts={texts} csrf={csrf} address={address} isMalformed={isMalformed} />
      <OneButton csrf={csrf} action="restart" words={texts.say('sign-up.form.other')} />
    </Page>
  )
}
