import { Heading, type OrganizationFrame, Page } from '../../platform/pages/page.js'
import type { Verdict } from './rules.js'

type ConnectionTestPageProps = {
  frame: OrganizationFrame
  home: string
  verdict: Verdict
  /** Names only: values are for administrators. */
  claims: readonly string[]
}

/** The end of a connection test, for whoever signed in: what it came to, and which claims arrived. */
export function ConnectionTestPage({ frame, home, verdict, claims }: ConnectionTestPageProps) {
  const { texts } = frame
  return (
    <Page frame={frame} page="connection-test" step={verdict} title={texts.say('test.heading', { home })}>
      <Heading lead={texts.rich(`test.${verdict}`, { home })}>{texts.rich('test.heading', { home })}</Heading>
      {claims.length > 0 && (
        <section class="note">
          <h2>{texts.rich('test.claims', { home })}</h2>
          <p>{claims.map((name) => texts.ltr(name)).flatMap((name, index) => (index ? [', ', name] : [name]))}</p>
        </section>
      )}
      <p class="sub">{texts.say('test.nobody')}</p>
    </Page>
  )
}
