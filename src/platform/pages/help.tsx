import type { ComponentChildren } from 'preact'
import type { Texts } from '../i18n/index.js'

/** The panel "What you can do" of pages that end here. */
export function WhatYouCanDo({ texts, children }: { texts: Texts; children: ComponentChildren }) {
  return (
    <section class="note">
      <h2>{texts.say('help.heading')}</h2>
      {children}
    </section>
  )
}

/** How to name to support what this page is about. The reference says nothing to anybody else. */
export function Reference(props: { texts: Texts; reference: string; of?: 'invitation' | 'sign-in' }) {
  const { texts, reference, of = 'invitation' } = props
  const shown = <span class="num">{texts.ltr(reference)}</span>
  return (
    <p class="sub">{texts.rich(of === 'invitation' ? 'help.reference' : 'home.reference', { reference: shown })}</p>
  )
}
