import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import { type ShownHome, wordsOf } from './homes.js'

type ChooseProviderPageProps = {
  frame: OrganizationFrame
  csrf: string
  /** Where the form goes: the link itself. */
  action: string
  maskedAddress: string
  homes: readonly ShownHome[]
}

/** More than one account can prove the address: its owner says which. */
export function ChooseProviderPage({ frame, csrf, action, maskedAddress, homes }: ChooseProviderPageProps) {
  const { texts, organization } = frame
  const heading = texts.say('choose.heading')
  return (
    <Page frame={frame} page="choose-provider" title={titleOf(frame, heading)}>
      <Heading lead={texts.rich('choose.lead', { address: texts.ltr(maskedAddress) })}>{heading}</Heading>
      <form method="post" action={action} class="stack">
        <CsrfField token={csrf} />
        <div class="acts">
          {homes.map((home) => (
            <button type="submit" class="btn" name="choice" value={home.key}>
              <span>{texts.rich(wordsOf(home), { home: home.name, organization: organization.name })}</span>
            </button>
          ))}
        </div>
      </form>
      <p class="sub">{texts.rich('choose.unsure', { organization: organization.name })}</p>
    </Page>
  )
}
