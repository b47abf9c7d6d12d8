import { parse } from 'cookie'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { VNode } from 'preact'
import { negotiateLanguage, textsIn } from '../../platform/i18n/index.js'
import { newNonce, type PageSecurity, securityHeaders } from '../../platform/pages/headers.js'
import { type PageFrame, renderPage } from '../../platform/pages/page.js'
import { stylesheet } from '../../platform/pages/stylesheet.js'

/** What stands around a page that answers a request of the library. */
export function frameOf(ctx: KoaContextWithOIDC): PageFrame {
  const language = negotiateLanguage({
    query: typeof ctx.query['lang'] === 'string' ? ctx.query['lang'] : undefined,
    cookie: parse(ctx.get('cookie'))['lang'],
    acceptLanguage: ctx.get('accept-language'),
    preferred: undefined,
  })
  return { texts: textsIn(language), nonce: newNonce(), stylesheetPath: stylesheet().path, currentUrl: '/' }
}

/** Answers with a page and the headers every page carries. */
export function draw(ctx: KoaContextWithOIDC, frame: PageFrame, page: VNode, security: PageSecurity = {}): void {
  for (const [name, value] of Object.entries(securityHeaders(frame.nonce, security))) ctx.set(name, value)
  ctx.type = 'html'
  ctx.body = renderPage(page)
}
