import type { ComponentChildren } from 'preact'
import { brandStyle, Footer, Head, type OrganizationFrame } from './page.js'

type BarPageProps = {
  frame: OrganizationFrame
  /** `data-page`: how the page is recognized from outside. */
  page: string
  title: string
  /** What the link past the bar says. */
  skip: string
  bar: ComponentChildren
  children: ComponentChildren
}

/** A page with a bar on top and room for many things: for people who have come to work. */
export function BarPage({ frame, page, title, skip, bar, children }: BarPageProps) {
  const { texts, organization, nonce } = frame
  return (
    <html lang={texts.language} dir={texts.direction}>
      <Head title={title} stylesheetPath={frame.stylesheetPath}>
        {organization.colours && <style nonce={nonce}>{brandStyle(organization.colours)}</style>}
      </Head>
      <body>
        <a class="skip" href="#main">
          {skip}
        </a>
        <header class="bar">{bar}</header>
        <main class="page stack" id="main" data-page={page}>
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  )
}
