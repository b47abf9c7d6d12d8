import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'

type HomeSignInPageProps = {
  /** The home: it is who asks for the sign-in here. */
  frame: OrganizationFrame
  csrf: string
  /** The organization that wants to know who it is. */
  asking: string
  maskedAddress: string
  /** The address in full when this browser is signed in here already. */
  signedInAs?: string | undefined
  /** By a code sent from here, or on the home's own pages; undefined when the home has neither. */
  way: 'passcode' | 'local' | undefined
}

/** A member signs in at their own organization, on the way to another one of this deployment. */
export function HomeSignInPage({ frame, csrf, asking, maskedAddress, signedInAs, way }: HomeSignInPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name, asking }
  const address = texts.ltr(maskedAddress)
  return (
    <Page frame={frame} page="sign-in" title={texts.say('home.tenant.heading', names)}>
      <Heading lead={texts.rich('home.tenant.lead', { ...names, address })}>
        {texts.rich('home.tenant.heading', names)}
      </Heading>
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        {signedInAs && (
          <button type="submit" class="btn main" name="action" value="continue">
            <span>{texts.rich('home.tenant.continue', { address: texts.ltr(signedInAs) })}</span>
          </button>
        )}
        {way && (
          <button type="submit" class={signedInAs ? 'btn' : 'btn main'} name="action" value="send">
            <span>
              {way === 'passcode' ? texts.rich('start.send', { address }) : texts.say('local.sign-in.button')}
            </span>
          </button>
        )}
      </form>
    </Page>
  )
}
