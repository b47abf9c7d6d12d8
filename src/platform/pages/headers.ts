import { randomToken } from '../crypto.js'

/** A value for one response that lets its `<style>` through the content security policy. */
export function newNonce(): string {
  return randomToken(16).toString('base64')
}

export type PageSecurity = {
  /**
   * Where forms may end. Chromium holds every redirect after a submit against it, so a page whose POST is answered
   * with a redirect to another site needs the wide value.
   */
  formAction?: "'self'" | "'self' https: http:"
  /** Lets the page show our own documents in a frame. */
  framesOwnDocuments?: boolean
  /** Lets the page run our own scripts, never inline ones. */
  runsOwnScript?: boolean
}

const FIXED = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Headers of every page: no script unless it is ours and asked for, no other origin, no framing, no cache, no referrer. Names in lower case. */
export function securityHeaders(nonce: string, security: PageSecurity = {}): Record<string, string> {
  const { formAction = "'self'", framesOwnDocuments = false, runsOwnScript = false } = security
  const frames = framesOwnDocuments ? "frame-src 'self'; " : ''
  const scripts = runsOwnScript ? "script-src 'self'; " : ''
  return {
    'content-security-policy': `default-src 'none'; style-src 'self' 'nonce-${nonce}'; img-src 'self'; ${frames}${scripts}form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    ...FIXED,
  }
}

/**
 * Headers of a mail's HTML shown as a document of ours: its inline styles and our images work, nothing else does, and
 * only our own pages may frame it. `sandbox` takes its origin away also when it is opened by itself.
 */
export function mailDocumentHeaders(): Record<string, string> {
  return {
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox",
    'x-frame-options': 'SAMEORIGIN',
    ...FIXED,
  }
}
