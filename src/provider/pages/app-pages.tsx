import { AddressForm } from '../../platform/pages/address-form.js'
import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'

type SignInProps = {
  frame: OrganizationFrame
  csrf: string
  application: string
  /** What the application thinks who it is, or what was typed. */
  address?: string | undefined
  /** Whether what was typed is no address (422). */
  isMalformed?: boolean
  /** Where people without an account make one. */
  createUrl?: string | undefined
}

/** Asks who somebody is on their way to an application; a code to that mailbox comes next. */
export function SignInPage({ frame, csrf, application, address, isMalformed = false, createUrl }: SignInProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name, application }
  const heading = texts.say('app.sign-in.heading', names)
  return (
    <Page
      frame={frame}
      page="sign-in"
      title={isMalformed ? texts.say('page.title-error', { title: heading }) : heading}
    >
      <Heading lead={texts.rich('app.sign-in.lead', names)}>{texts.rich('app.sign-in.heading', names)}</Heading>
      <AddressForm texts={texts} csrf={csrf} address={address} isMalformed={isMalformed} />
      <p class="sub">{texts.say('app.sign-in.hint')}</p>
      {createUrl && <CreateOne texts={texts} url={createUrl} />}
    </Page>
  )
}

function CreateOne({ texts, url }: { texts: OrganizationFrame['texts']; url: string }) {
  return <p>{texts.rich('app.sign-in.create', { a: (words) => <a href={url}>{words}</a> })}</p>
}

type NoAccountProps = { frame: OrganizationFrame; csrf: string; address: string; createUrl?: string | undefined }

/** A proved mailbox that is nobody's here, or belongs to somebody who may not sign in. */
export function NoAccountPage({ frame, csrf, address, createUrl }: NoAccountProps) {
  const { texts, organization } = frame
  const heading = texts.say('app.no-account.heading')
  const names = { organization: organization.name, address: texts.ltr(address) }
  return (
    <Page frame={frame} page="blocked" title={texts.say('page.title-error', { title: heading })}>
      <Heading lead={texts.rich('app.no-account.lead', names)}>{heading}</Heading>
      {createUrl ? <CreateOne texts={texts} url={createUrl} /> : <p>{texts.say('app.no-account.help')}</p>}
      <form method="post" class="acts">
        <CsrfField token={csrf} />
        <button type="submit" class="btn main" name="action" value="other">
          {texts.say('app.no-account.again')}
        </button>
      </form>
    </Page>
  )
}

type ConsentProps = {
  frame: OrganizationFrame
  csrf: string
  application: string
  signedInAs: string
  /** Names of Graph's permissions. */
  scopes: readonly string[]
  /** Whether this person can give them. */
  mayGrant: boolean
}

/** Asks whether an application may do something of Microsoft Graph in the person's name. */
export function AppConsentPage({ frame, csrf, application, signedInAs, scopes, mayGrant }: ConsentProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name, application }
  const key = mayGrant ? 'app.consent.heading' : 'app.consent.admin.heading'
  return (
    <Page frame={frame} page="consent" step="application" title={texts.say(key, names)}>
      <Heading lead={texts.rich('consent.signed-in', { address: texts.ltr(signedInAs) })}>
        {texts.rich(key, names)}
      </Heading>
      {!mayGrant && <p>{texts.rich('app.consent.admin.lead', names)}</p>}
      <section>
        <h2>{texts.say('app.consent.may')}</h2>
        <ul class="list">
          {scopes.map((scope) => (
            <li key={scope}>{texts.ltr(scope)}</li>
          ))}
        </ul>
        <p class="sub">{texts.say('app.consent.never')}</p>
      </section>
      <form method="post" class="acts">
        <CsrfField token={csrf} />
        {mayGrant && (
          <button type="submit" class="btn main" name="choice" value="accept">
            {texts.say('consent.accept')}
          </button>
        )}
        <button type="submit" class="btn" name="choice" value="decline">
          {mayGrant ? texts.say('consent.decline') : texts.rich('app.consent.back', names)}
        </button>
      </form>
    </Page>
  )
}
