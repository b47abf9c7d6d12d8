import { parse, serialize } from 'cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Language, matchLanguage, negotiateLanguage, textsIn } from '../i18n/index.js'
import { newNonce } from './headers.js'
import type { PageFrame, PageOrganization } from './page.js'
import { stylesheet } from './stylesheet.js'

/** Bytes of a form: most have three short fields. */
const FORM_LIMIT_BYTES = 16_384
/** A year. */
const LANGUAGE_SECONDS = 31_536_000

/** The language to answer a request in: what the person picked or their browser asks for, then `preferred`. */
export function languageOf(request: FastifyRequest, preferred?: string | undefined): Language {
  return negotiateLanguage({
    query: queryOf(request)['lang'],
    cookie: parse(request.headers.cookie ?? '')['lang'],
    acceptLanguage: request.headers['accept-language'],
    preferred,
  })
}

/** Keeps the language that a person picks on a page of `app` (`?lang=`) for their next pages, in a cookie. */
export function rememberLanguage(app: FastifyInstance, isSecure: (request: FastifyRequest) => boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    const picked = matchLanguage(queryOf(request)['lang'] ?? '')
    if (!picked) return
    const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request) } as const
    reply.header('set-cookie', serialize('lang', picked, { ...cookie, maxAge: LANGUAGE_SECONDS }))
  })
}

/** What stands around the page that answers `request`. */
export function frameFor<Organization extends PageOrganization | undefined>(
  request: FastifyRequest,
  about: { organization: Organization; privacyUrl?: string | undefined; preferred?: string | undefined },
): PageFrame & { organization: Organization } {
  return {
    texts: textsIn(languageOf(request, about.preferred)),
    organization: about.organization,
    nonce: newNonce(),
    stylesheetPath: stylesheet().path,
    currentUrl: request.url,
    privacyUrl: about.privacyUrl,
  }
}

/** The query of a request as text; a parameter given twice counts as its first. */
export function queryOf(request: FastifyRequest): Record<string, string | undefined> {
  const query: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(request.query ?? {})) {
    const first: unknown = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') query[name] = first
  }
  return query
}

/** Forms of pages: fields as text, each once. Anything that is not a form has no fields. */
export function readForms(app: FastifyInstance, bodyLimit = FORM_LIMIT_BYTES): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
}

/** The fields of a submitted form. */
export function fieldsOf(request: FastifyRequest): Record<string, string | undefined> {
  const fields: Record<string, string | undefined> = Object.create(null)
  if (typeof request.body !== 'object' || request.body === null) return fields
  for (const [name, value] of Object.entries(request.body)) if (typeof value === 'string') fields[name] = value
  return fields
}
