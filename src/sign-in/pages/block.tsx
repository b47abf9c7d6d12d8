import { CsrfField, Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'

type BlockPageProps = {
  frame: OrganizationFrame
  csrf: string
  maskedAddress: string
  /** Where blocks are seen and undone. */
  manageUrl: string
  /** The box was left empty (422). */
  isUnconfirmed?: boolean
}

/**
 * Asks before an organization's invitations to an address are stopped. The box is there for mail scanners that follow
 * links and submit the forms they find: they send it empty.
 */
export function BlockPage({ frame, csrf, maskedAddress, manageUrl, isUnconfirmed = false }: BlockPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const lead = texts.rich('block.lead', { ...names, address: texts.ltr(maskedAddress) })
  return (
    <Page frame={frame} page="block" title={texts.say('block.heading', names)}>
      <Heading lead={lead}>{texts.rich('block.heading', names)}</Heading>
      <form method="post" class="stack">
        <CsrfField token={csrf} />
        <div>
          {isUnconfirmed && (
            <p class="error" id="confirm-error">
              {texts.say('block.confirm-missing')}
            </p>
          )}
          <label class="opt">
            <input
              type="checkbox"
              name="confirm"
              value="yes"
              aria-invalid={isUnconfirmed ? 'true' : undefined}
              aria-describedby={isUnconfirmed ? 'confirm-error' : undefined}
            />
            <span>{texts.rich('block.confirm', names)}</span>
          </label>
        </div>
        <button type="submit" class="btn main" name="action" value="block">
          {texts.say('block.button')}
        </button>
      </form>
      <p class="sub">{texts.rich('block.undo', { a: (words) => <a href={manageUrl}>{words}</a> })}</p>
    </Page>
  )
}

type BlockedSenderPageProps = Omit<BlockPageProps, 'csrf' | 'isUnconfirmed'>

/** The block is in force. */
export function BlockedSenderPage({ frame, maskedAddress, manageUrl }: BlockedSenderPageProps) {
  const { texts, organization } = frame
  const names = { organization: organization.name }
  const lead = texts.rich('block-done.lead', { ...names, address: texts.ltr(maskedAddress) })
  return (
    <Page frame={frame} page="block-done" title={texts.say('block-done.heading', names)}>
      <Heading lead={lead}>{texts.rich('block-done.heading', names)}</Heading>
      <p>
        <a class="alone" href={manageUrl}>
          {texts.say('block-done.undo')}
        </a>
      </p>
    </Page>
  )
}
