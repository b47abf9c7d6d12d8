import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Texts } from '../i18n/index.js'
import { initials, oneLine, shownName, withoutAutoLinks } from './names.js'

/** The organization in whose name a mail is sent. */
export type MailOrganization = {
  name: string
  domain: string
  /** A PNG at an absolute http or https address. */
  logoUrl?: string | undefined
  /** The button's background and label, from the light brand values. */
  colours: { fill: string; ink: string }
}

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
const INK = '#1b1d1f'
const DIM = '#565b61'
const LINE = '#dedfda'
const PAGE = '#f5f5f2'
const SUNK = '#f3f3ef'
const LINK = '#1a55c0'

// Only what may be lost: width on phones, and dark.
const LOSABLE_STYLE = `
@media (max-width: 620px) { .w { width: 100% !important } .p { padding-left: 20px !important; padding-right: 20px !important } }
@media (prefers-color-scheme: dark) {
  .bg { background: #101214 !important } .s { background: #181b1e !important; border-color: #2e3338 !important } .q { background: #1f2326 !important }
  .t { color: #eceef0 !important } .m { color: #a8aeb5 !important } .a { color: #8db8ff !important } .y { background: #2e2413 !important; color: #f0c274 !important }
}
`

/** The inline styles of the parts, spelled once. */
export const STYLE = {
  caution: `padding:12px 36px;background:#fcf3e0;font-size:14px;line-height:20px;color:#6b4000;${FONT}`,
  first: `padding:28px 36px 0;${FONT}`,
  spacious: `padding:24px 36px 0;${FONT}`,
  close: `padding:20px 36px 0;${FONT}`,
  last: `padding:16px 36px 28px;${FONT}`,
  only: `padding:20px 36px 28px;${FONT}`,
  footer: `padding:16px 36px 24px;border-top:1px solid ${LINE};${FONT}`,
  heading: `margin:0 0 8px;font-size:24px;line-height:30px;font-weight:600;color:${INK}`,
  lead: `margin:0;font-size:16px;line-height:24px;color:${DIM}`,
  small: `margin:0;font-size:14px;line-height:21px;color:${DIM}`,
  fine: `margin:0;font-size:13px;line-height:19px;color:${DIM}`,
  fineAbove: `margin:0 0 8px;font-size:13px;line-height:19px;color:${DIM}`,
  links: `margin:0;font-size:13px;line-height:24px;color:${DIM}`,
  link: `color:${LINK}`,
  spelledOut: `color:${LINK};font-size:12px;line-height:18px;word-break:break-all`,
  ink: `color:${INK}`,
  address: `color:${INK};word-break:break-word`,
  quote: `background:${SUNK};padding:14px 16px;${FONT};font-size:16px;line-height:24px;word-break:break-word`,
  quoteLabel: `font-size:14px;color:${DIM}`,
  code: `background:${SUNK};padding:18px 16px;font-family:'SF Mono',Consolas,Menlo,monospace;font-size:32px;line-height:40px;font-weight:600;letter-spacing:6px;color:${INK}`,
  page: `margin:0;padding:0;background:${PAGE}`,
  hidden: 'display:none;max-height:0;overflow:hidden;mso-hide:all',
  back: `background:${PAGE}`,
  card: `width:600px;background:#ffffff;border:1px solid ${LINE}`,
  plate: `background:#ffffff;border:1px solid ${LINE};padding:5px;line-height:0`,
  letters: `background:#ffffff;border:1px solid ${LINE};width:42px;height:42px;font-size:16px;line-height:20px;font-weight:600;color:${INK};${FONT}`,
  beside: `padding:0 12px;${FONT}`,
  organization: `font-size:16px;line-height:20px;font-weight:600;color:${INK}`,
  domain: `font-size:14px;line-height:20px;color:${DIM}`,
} as const

const TABLE = { role: 'presentation', cellpadding: '0', cellspacing: '0', border: '0' } as const

/** The background a second time, as the attribute that clients without CSS backgrounds read. */
const on = (colour: string) => ({ bgcolor: colour })

type DocumentProps = { texts: Texts; title: string; preheader: ComponentChildren; children: ComponentChildren }

/** A whole message: what the inbox shows beside the subject, and one card of 600 px whose rows are `children`. */
export function MailDocument({ texts, title, preheader, children }: DocumentProps) {
  return (
    <html lang={texts.language} dir={texts.direction}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{title}</title>
        <style>{LOSABLE_STYLE}</style>
      </head>
      <body class="bg" style={STYLE.page}>
        <div style={STYLE.hidden}>{preheader}</div>
        <table class="bg" width="100%" {...TABLE} {...on(PAGE)} style={STYLE.back}>
          <tr>
            <td align="center" style="padding:24px 0">
              <table class="w s" dir={texts.direction} width="600" {...TABLE} {...on('#ffffff')} style={STYLE.card}>
                {children}
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  )
}

type RowProps = { texts: Texts; style: string; mark?: string; children: ComponentChildren }

/** One row of the card. Direction and alignment stand on the cell, since some clients drop them from anything above. */
export function Row({ texts, style, mark = 'p', children }: RowProps) {
  return (
    <tr>
      <td class={mark} dir={texts.direction} align={alignOf(texts)} style={style}>
        {children}
      </td>
    </tr>
  )
}

/** Logo or initials, then the name, never without its domain. */
export function OrganizationRow({ texts, organization }: { texts: Texts; organization: MailOrganization }) {
  const { name, domain, logoUrl } = organization
  return (
    <Row texts={texts} style={STYLE.first}>
      <table dir={texts.direction} {...TABLE}>
        <tr>
          {logoUrl && webUrl(logoUrl) ? (
            <td {...on('#ffffff')} style={STYLE.plate}>
              <img src={logoUrl} width="32" height="32" alt="" style="display:block;border:0" />
            </td>
          ) : (
            <td align="center" {...on('#ffffff')} style={STYLE.letters} aria-hidden="true">
              {initials(name)}
            </td>
          )}
          <td dir={texts.direction} align={alignOf(texts)} style={STYLE.beside}>
            <span class="t" style={STYLE.organization}>
              {texts.isolate(withoutAutoLinks(shownName(name)))}
            </span>
            <br />
            <span class="m" style={STYLE.domain}>
              <bdi dir="ltr">{oneLine(domain)}</bdi>
            </span>
          </td>
        </tr>
      </table>
    </Row>
  )
}

type ButtonProps = { texts: Texts; href: string; colours: MailOrganization['colours']; children: ComponentChildren }

/** The one filled button, in the organization's colours. */
export function ButtonRow({ texts, href, colours, children }: ButtonProps) {
  const fill = colourOr(colours.fill, INK)
  const ink = colourOr(colours.ink, '#ffffff')
  return (
    <Row texts={texts} style={STYLE.spacious}>
      <table dir={texts.direction} {...TABLE}>
        <tr>
          <td
            align="center"
            {...on(fill)}
            style={`background:${fill};border:1px solid ${fill};border-radius:8px;${FONT}`}
          >
            <a
              href={href}
              style={`display:inline-block;padding:13px 26px;font-size:16px;line-height:20px;font-weight:600;color:${ink};text-decoration:none`}
            >
              {children}
            </a>
          </td>
        </tr>
      </table>
    </Row>
  )
}

/** A sunk box over the whole width: a quotation, or a code. */
export function Box({
  texts,
  style,
  mark,
  align = alignOf(texts),
  children,
}: RowProps & { align?: 'center' | 'left' | 'right' }) {
  return (
    <table dir={texts.direction} width="100%" {...TABLE}>
      <tr>
        <td class={mark} dir={texts.direction} align={align} {...on(SUNK)} style={style}>
          {children}
        </td>
      </tr>
    </table>
  )
}

type HeadingProps = { texts: Texts; style: string; heading: ComponentChildren; lead: ComponentChildren }

/** What the mail is about. */
export function HeadingRow({ texts, style, heading, lead }: HeadingProps) {
  return (
    <Row texts={texts} style={style}>
      <h1 class="t" style={STYLE.heading}>
        {heading}
      </h1>
      <p class="m" style={STYLE.lead}>
        {lead}
      </p>
    </Row>
  )
}

type QuoteProps = { texts: Texts; style: string; label: ComponentChildren; lines: readonly string[] }

/** What somebody wrote, shown as text. */
export function QuoteRow({ texts, style, label, lines }: QuoteProps) {
  return (
    <Row texts={texts} style={style}>
      <Box texts={texts} mark="q" style={STYLE.quote}>
        <span class="m" style={STYLE.quoteLabel}>
          {label}
        </span>
        <br />
        <bdi class="t" style={STYLE.ink}>
          {lines.flatMap((each, i) => (i === 0 ? [each] : [<br />, each]))}
        </bdi>
      </Box>
    </Row>
  )
}

/** The last words before the foot. */
export function SmallRow({ texts, children }: { texts: Texts; children: ComponentChildren }) {
  return (
    <Row texts={texts} style={STYLE.only}>
      <p class="m" style={STYLE.small}>
        {children}
      </p>
    </Row>
  )
}

/** The foot: why the mail came. */
export function WhyRow({ texts, children }: { texts: Texts; children: ComponentChildren }) {
  return (
    <Row texts={texts} mark="p s" style={STYLE.footer}>
      <p class="m" style={STYLE.fine}>
        {children}
      </p>
    </Row>
  )
}

/** The finished HTML part. */
export function renderMail(document: VNode): string {
  return `<!doctype html>\n${renderToString(document)}`
}

/** Text as Preact writes it, between tags and in quoted attributes alike. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/**
 * `url` in the URL standard's spelling when it is an http or https address (or one of `also`); otherwise nothing. A
 * user name in front of the host, which reads like another host, is dropped.
 */
export function webUrl(url: string | undefined, also: readonly string[] = []): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (!['https:', 'http:', ...also].includes(parsed.protocol)) return undefined
  parsed.username = ''
  parsed.password = ''
  return /\s/.test(parsed.href) ? undefined : parsed.href
}

function alignOf(texts: Texts): 'left' | 'right' {
  return texts.direction === 'rtl' ? 'right' : 'left'
}

/** Colours stand in style attributes, where anything but a colour would be a way in. */
function colourOr(colour: string, otherwise: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour : otherwise
}
