import type { RichValues } from '../../platform/i18n/index.js'
import { Reference, WhatYouCanDo } from '../../platform/pages/help.js'
import { CsrfField, Heading, type OrganizationFrame, Page, titleOf } from '../../platform/pages/page.js'
import type { Trouble } from '../federation/flow.js'

type HomeTroublePageProps = {
  frame: OrganizationFrame
  csrf: string
  /** Where the form goes: the page that the sign-in began at. */
  action: string
  /** Whom they can ask, for `home.ask`. */
  ask: RichValues
  /** Names to support what they wanted, and what that was. */
  reference: string
  referenceOf?: 'invitation' | 'sign-in'
  trouble: Trouble
  /** The home's name. */
  home: string
  /** Absent when there is no other way in. */
  chooseUrl?: string | undefined
}

/** A sign-in at somebody's home led nowhere: why, and what to do. Nothing was accepted. */
export function HomeTroublePage(props: HomeTroublePageProps) {
  const { frame, csrf, action, ask, reference, referenceOf, trouble, home, chooseUrl } = props
  const { texts } = frame
  const heading = texts.say(`home.${trouble}.heading`, { home })
  return (
    <Page frame={frame} page="error" step={trouble} title={titleOf(frame, heading)}>
      <Heading lead={texts.rich(`home.${trouble}.lead`, { home })}>
        {texts.rich(`home.${trouble}.heading`, { home })}
      </Heading>
      <WhatYouCanDo texts={texts}>
        <p>{texts.join(texts.rich(`home.${trouble}.help`, { home }), texts.rich('home.ask', ask))}</p>
      </WhatYouCanDo>
      <form method="post" action={action} class="acts">
        <CsrfField token={csrf} />
        <button type="submit" class="btn main" name="action" value="again">
          {texts.say('home.again')}
        </button>
        {chooseUrl && (
          <a class="btn" href={chooseUrl}>
            {texts.say('home.another')}
          </a>
        )}
      </form>
      <Reference texts={texts} reference={reference} {...(referenceOf && { of: referenceOf })} />
    </Page>
  )
}
