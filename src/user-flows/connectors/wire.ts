import type { Claims, ClaimValue, ConnectorStep, SignUpIdentity } from '../words.js'

/** What stands in every request and answer beside claims. */
const PROTOCOL_NAMES: ReadonlySet<string> = new Set(['version', 'action', 'status', 'userMessage', 'code'])
const OURS: ReadonlySet<string> = new Set(['step', 'client_id', 'ui_locales'])
const VERSION = '1.0.0'
/** As Entra names them; other names are ours to leave out. */
const CLAIM_NAME = /^[A-Za-z][A-Za-z0-9_]{0,255}$/
const MOST_CLAIMS = 200
/** Characters of a claim, and of what the visitor is told. */
const LONGEST_VALUE = 4_096
const LONGEST_MESSAGE = 1_000

/** How home providers are spelled: by Entra in samples and in prose, and by their own issuers. */
const SPELLINGS: Readonly<Record<string, string>> = {
  google: 'google.com',
  'google.com': 'google.com',
  'https://accounts.google.com': 'google.com',
  'accounts.google.com': 'google.com',
  facebook: 'facebook.com',
  'facebook.com': 'facebook.com',
  'https://www.facebook.com': 'facebook.com',
  mail: 'mail',
}

/** The issuer in the one spelling that `users.identities` has; one that is no social provider stays as it is. */
export function issuerName(issuer: string): string {
  const folded = issuer.toLowerCase().replace(/\/$/, '')
  return Object.hasOwn(SPELLINGS, folded) ? (SPELLINGS[folded] ?? issuer) : issuer
}

/** Entra and Microsoft-account visitors are told by their address alone (spec 11). */
function toldIdentities(identities: readonly SignUpIdentity[]): SignUpIdentity[] {
  return identities.flatMap((identity) => {
    const issuer = issuerName(identity.issuer)
    const isTold = identity.signInType === 'emailAddress' || ['google.com', 'facebook.com', 'mail'].includes(issuer)
    return isTold ? [{ ...identity, issuer }] : []
  })
}

/** What is asked: all that is known of the visitor, the step and the application. */
export type Question = { step: ConnectorStep; claims: Claims; clientId?: string | undefined; locale: string }

/** The body of a request (spec 11): claims in one flat object; what has no value is left out, never null or empty. */
export function requestBody({ step, claims, clientId, locale }: Question): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(claims)) {
    if (OURS.has(name)) continue
    const told = name === 'identities' && isIdentities(value) ? toldIdentities(value) : value
    const isEmpty = told === '' || (Array.isArray(told) && told.length === 0)
    if (!isEmpty && told !== null && told !== undefined) body[name] = told
  }
  return { ...body, step, ...(clientId !== undefined && { client_id: clientId }), ui_locales: locale }
}

function isIdentities(value: ClaimValue): value is readonly SignUpIdentity[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object')
}

/** What came back, before anybody believes it. */
export type HttpAnswer = { status: number; contentType: string | undefined; body: string }

/** An answer as it was read. `ignored`: names of the answer that are no claims. `isDown`: nobody is there who could answer. */
export type Reading =
  | { action: 'Continue'; claims: Claims; ignored: string[] }
  | { action: 'ShowBlockPage' | 'ValidationError'; userMessage: string }
  | { action: 'Failed'; reason: string; isDown: boolean }

const failed = (reason: string, isDown = false): Reading => ({ action: 'Failed', reason, isDown })

/** Reads an answer by the letter of the contract (spec 11); whatever is not in it is a failure, with what to do about it. */
export function readAnswer(answer: HttpAnswer, step: ConnectorStep): Reading {
  const { status, body } = answer
  if (status !== 200 && status !== 400) return failed(reasonOfStatus(status), status === 429 || status >= 500)
  const json = readJson(body)
  if (json === undefined) return failed(`The answer is no JSON object.${shownType(answer)}`)
  const { version, action, userMessage } = json
  if (version !== VERSION) return failed(`The answer must have "version": "${VERSION}"; it has ${shown(version)}.`)
  if (action === 'ValidationError') return readValidationError(answer, json, step)
  if (status === 400) return failed(`With status 400 "action" must be "ValidationError"; it is ${shown(action)}.`)
  if (action === 'Continue') return { action, ...readAll(json) }
  if (action !== 'ShowBlockPage') {
    return failed(`"action" must be "Continue", "ShowBlockPage" or "ValidationError"; it is ${shown(action)}.`)
  }
  const message = readMessage(userMessage)
  return message === undefined ? failed('"ShowBlockPage" needs a "userMessage".') : { action, userMessage: message }
}

function readValidationError(answer: HttpAnswer, json: Record<string, unknown>, step: ConnectorStep): Reading {
  if (step === 'PostFederationSignup') {
    return failed(
      '"ValidationError" is for the step before the user is created: here the visitor has typed nothing yet.',
    )
  }
  if (answer.status !== 400)
    return failed(`"ValidationError" needs the HTTP status 400; it came with ${answer.status}.`)
  if (json['status'] !== 400 && json['status'] !== '400') {
    return failed(`"ValidationError" needs "status": 400 in its body too; it has ${shown(json['status'])}.`)
  }
  const userMessage = readMessage(json['userMessage'])
  if (userMessage === undefined) return failed('"ValidationError" needs a "userMessage".')
  return { action: 'ValidationError', userMessage }
}

function reasonOfStatus(status: number): string {
  if (status === 401 || status === 403) {
    return `The connector answered ${status}: it does not accept our credentials. Check authenticationConfiguration, and a key in the address.`
  }
  if (status >= 300 && status < 400)
    return `The connector answered ${status}. Redirects are not followed: set targetUrl.`
  if (status === 404 || status === 405) return `The connector answered ${status}. Check targetUrl, which is sent POST.`
  return `The connector answered ${status}, where only 200 and 400 are answers.`
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** What can be a claim; which of them count, and under which name, is the flow's business (`claimsOfFlow`). */
function readAll(json: Record<string, unknown>): { claims: Claims; ignored: string[] } {
  const named = Object.entries(json).filter(([name]) => !PROTOCOL_NAMES.has(name))
  const read = named.map(([name, value], index) => {
    const isClaim = index < MOST_CLAIMS && CLAIM_NAME.test(name)
    return [name, isClaim ? readValue(value) : undefined] as const
  })
  return {
    claims: Object.fromEntries(read.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    ignored: read.flatMap(([name, value], index) => (value === undefined && index < MOST_CLAIMS ? [name] : [])),
  }
}

function readValue(value: unknown): ClaimValue | undefined {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
  if (typeof value === 'string') return value.length <= LONGEST_VALUE ? storable(value) : undefined
  if (!Array.isArray(value) || value.length > MOST_CLAIMS) return undefined
  const texts = value.map((item: unknown) => (typeof item === 'string' ? readValue(item) : undefined))
  return texts.every((item) => typeof item === 'string') ? texts : undefined
}

/** What a database and a page can hold of a text that came from elsewhere. Nothing of it is ever HTML. */
export function storable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/g, '').toWellFormed()
}

function readMessage(value: unknown): string | undefined {
  const text = typeof value === 'string' ? storable(value).trim() : ''
  return text === '' ? undefined : text.slice(0, LONGEST_MESSAGE).toWellFormed()
}

function shown(value: unknown): string {
  if (value === undefined) return 'none'
  return typeof value === 'string' ? `"${storable(value).slice(0, 40)}"` : `a ${value === null ? 'null' : typeof value}`
}

function shownType({ contentType }: HttpAnswer): string {
  return contentType === undefined ? '' : ` Its type is ${storable(contentType).slice(0, 60)}.`
}

/** What a connection that failed is to an administrator, by Node's name of it. */
export function reasonOfConnection(message: string, code: string | undefined): string {
  const hint = code === undefined ? undefined : HINTS.find(([form]) => form.test(code))?.[1]
  return hint === undefined ? message : `${message} ${hint}`
}

const HINTS: readonly [RegExp, string][] = [
  [/^ECONNREFUSED$/, 'Nobody listens at that address.'],
  [
    /^ERR_SSL_.*(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN|ACCESS_DENIED)/,
    'The other side wants a client certificate, or another one: check authenticationConfiguration.',
  ],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'Its certificate is for another name.'],
  [/^CERT_HAS_EXPIRED$/, 'Its certificate has expired.'],
  [
    /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/,
    'Its certificate is from an authority that this service does not trust.',
  ],
  [/^(EPROTO|ERR_SSL)/, 'It does not speak TLS as it should.'],
  [/^(ECONNRESET|HPE_|EPIPE)/, 'It hung up before it had answered.'],
]
