import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { LANGUAGES, showable, type Texts } from '../i18n/index.js'
import type { BrandColours } from './branding.js'
import { ownOrSafeHref, safeLink } from './link.js'

/** The organization a page speaks for. */
export type PageOrganization = {
  name: string
  /** Its domain: a display name never stands without it. */
  domain: string
  /** A path on our origin; initials are drawn when there is none. */
  logoUrl?: string | undefined
  /** Our neutral colours when it chose none. */
  colours?: BrandColours | undefined
}

/** What stands around every page. */
export type PageFrame = {
  texts: Texts
  /** Absent where a page must not, or cannot, say whose it is. */
  organization?: PageOrganization | undefined
  nonce: string
  stylesheetPath: string
  /** Path and query of the request: the language links keep the query. */
  currentUrl: string
  helpUrl?: string | undefined
  /** The organization's privacy statement. */
  privacyUrl?: string | undefined
}

/** A frame whose organization is known. */
export type OrganizationFrame = PageFrame & { organization: PageOrganization }

type PageProps = {
  frame: PageFrame
  /** `data-page`: how the page is recognized from outside. */
  page: string
  /** `data-step`, where one page has several. */
  step?: string
  /** The whole title; `titleOf` adds the organization. */
  title: string
  /** Room for a form of many fields. */
  isWide?: boolean
  /** Path of a script of ours that the page works without. */
  script?: string | undefined
  children: ComponentChildren
}

/** A page with one question, on a card. */
export function Page({ frame, page, step, title, isWide = false, script, children }: PageProps) {
  const { texts, organization, nonce } = frame
  return (
    <html lang={texts.language} dir={texts.direction}>
      <Head title={title} stylesheetPath={frame.stylesheetPath}>
        {organization?.colours && <style nonce={nonce}>{brandStyle(organization.colours)}</style>}
        {script && <script src={script} defer />}
      </Head>
      <body>
        <main class={isWide ? 'card wide' : 'card'} data-page={page} data-step={step}>
          {organization && <OrganizationHeader organization={organization} />}
          <div class="stack">{children}</div>
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  )
}

type HeadProps = { title: string; stylesheetPath: string; children?: ComponentChildren }

/** The `head` of every page. */
export function Head({ title, stylesheetPath, children }: HeadProps) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="robots" content="noindex" />
      <title>{title}</title>
      <link rel="stylesheet" href={stylesheetPath} />
      {children}
    </head>
  )
}

/** Heading and first sentence of a page. */
export function Heading({ children, lead }: { children: ComponentChildren; lead?: ComponentChildren }) {
  return (
    <div>
      <h1>{children}</h1>
      {lead && <p class="lead">{lead}</p>}
    </div>
  )
}

/** `Enter your code - Fabrikam`, or the words alone when the page has no organization. */
export function titleOf({ texts, organization }: PageFrame, words: string): string {
  return organization ? texts.say('page.title', { title: words, organization: organization.name }) : words
}

/** The hidden field that ties a form to the session it was drawn for. */
export function CsrfField({ token }: { token: string }) {
  return <input type="hidden" name="csrf" value={token} />
}

/** The document as it is sent. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`
}

/** The colours of an organization, for the one `<style>` of a page. */
export function brandStyle({ light, dark }: BrandColours): string {
  return `:root { --brand: ${light.fill}; --brand-ink: ${light.ink}; --brand-edge: ${light.edge}; }
@media (prefers-color-scheme: dark) { :root { --brand: ${dark.fill}; --brand-ink: ${dark.ink}; --brand-edge: ${dark.edge}; } }`
}

function OrganizationHeader({ organization: { name, domain, logoUrl } }: { organization: PageOrganization }) {
  return (
    <p class="org">
      {logoUrl ? (
        <span class="logo">
          <img src={logoUrl} alt="" />
        </span>
      ) : (
        <span class="face" aria-hidden="true">
          {initialsOf(name)}
        </span>
      )}
      <span>
        <b>{showable(name)}</b>
        <span class="sub">
          <bdi dir="ltr">{domain}</bdi>
        </span>
      </span>
    </p>
  )
}

/** The first letters of the first two words, or of the two parts of an address: `WT`, `GI`. */
export function initialsOf(name: string): string {
  const words = showable(name).split(/[\s._@-]+/, 2)
  return words.map((word) => [...word][0]?.toUpperCase() ?? '').join('')
}

export function Footer({ frame: { texts, organization, currentUrl, helpUrl, privacyUrl } }: { frame: PageFrame }) {
  const help = ownOrSafeHref(helpUrl)
  const privacy = organization && safeLink(privacyUrl)
  return (
    <footer class="foot">
      <span>{texts.rich('page.guest-access')}</span>
      {help && <a href={help}>{texts.say('page.help')}</a>}
      {privacy && <a href={privacy.href}>{texts.say('page.privacy')}</a>}
      <LanguageMenu texts={texts} currentUrl={currentUrl} />
    </footer>
  )
}

function LanguageMenu({ texts, currentUrl }: { texts: Texts; currentUrl: string }) {
  const base = languageLinkBase(currentUrl)
  return (
    <details class="menu">
      <summary>
        <span class="hide">{texts.say('page.language')} </span>
        {LANGUAGES.find(({ code }) => code === texts.language)?.name}
      </summary>
      <ul class="drop end up">
        {LANGUAGES.map(({ code, name }) => (
          <li>
            <a
              href={base + code}
              lang={code}
              hreflang={code}
              aria-current={code === texts.language ? 'true' : undefined}
            >
              {name}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** `?tenant=...&lang=`: the query of this page without the language, ready for another one. */
function languageLinkBase(currentUrl: string): string {
  const start = currentUrl.indexOf('?')
  if (start < 0) return '?lang='
  const kept = currentUrl
    .slice(start + 1)
    .split('&')
    .filter((parameter) => parameter !== '' && parameter !== 'lang' && !parameter.startsWith('lang='))
  return kept.length > 0 ? `?${kept.join('&')}&lang=` : '?lang='
}
