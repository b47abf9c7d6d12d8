// A portal where partners ask for guest access themselves: a form that invites, and a page that says how far it is.
// Plain Node 20 and nothing else. All it knows of Vestibule is the public API, which is Microsoft Graph's.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from './graph.js'
import { formPage, missingPage, statePage, tooManyPage, welcomePage } from './pages.js'

const settings = readSettings(process.env)
const graph = connect(settings)
/** Signs cookies; a restart forgets who asked for what. */
const key = randomBytes(32)
/** Forms that one address may send in an hour: each can cause a mail to somebody. */
const FORMS_AN_HOUR = 10
const HOUR_MS = 3_600_000
const MOST_BODY_BYTES = 8_192
const sent = new Map()

const server = createServer((request, response) => {
  answer(request).then(
    ({ status = 200, headers = {}, html = '' }) => response.writeHead(status, { ...SAFE, ...headers }).end(html),
    (error) => {
      console.error(error)
      response.writeHead(502, SAFE).end(missingPage('The portal cannot reach the organization just now.'))
    },
  )
})
server.listen(settings.port, settings.host, () => {
  console.log(`Portal: ${originOf()}`)
})

/** No script, nothing from elsewhere, no frame, and no address of ours in anybody's log. */
const SAFE = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

async function answer(request) {
  const { pathname } = new URL(request.url ?? '/', 'http://portal')
  const isPost = request.method === 'POST'
  if (pathname === '/' && !isPost) return showForm(cookieOf(request, 'form'))
  if (pathname === '/' && isPost) return takeForm(request)
  if (pathname === '/state') return isPost ? sendAgain(request) : showState(request)
  if (pathname === '/welcome') return { html: welcomePage() }
  return { status: 404, html: missingPage('There is no such page.') }
}

/** The form's token goes out twice, in a cookie and in the form: another site can send neither. */
function showForm(known, more = {}) {
  const token = known ?? randomUUID()
  return { headers: setCookie('form', token), html: formPage({ token, ...more }), ...(more.error && { status: 422 }) }
}

async function takeForm(request) {
  const fields = await fieldsOf(request)
  const token = cookieOf(request, 'form')
  if (!token || fields.token !== token)
    return { status: 403, html: missingPage('This form has expired. Open it again.') }
  // A field that nobody sees: whoever fills it is a program, and is told what everybody is told.
  if (fields.website) return { status: 303, headers: { location: '/state' } }
  if (!isAllowed(request.socket.remoteAddress))
    return { status: 429, headers: { 'retry-after': '3600' }, html: tooManyPage() }
  const made = await graph.invite({
    invitedUserEmailAddress: fields.email,
    invitedUserDisplayName: fields.name || undefined,
    inviteRedirectUrl: `${originOf()}/welcome`,
    sendInvitationMessage: true,
    // Of what was typed in this browser: a form that is sent twice invites once.
    idempotencyKey: createHmac('sha256', key)
      .update(JSON.stringify([token, fields.email, fields.name]))
      .digest('hex'),
  })
  if (made.outcome === 'refused') return showForm(undefined, { fields, error: made.message })
  // Whoever is known already is answered like everybody else: a form on the internet must not tell who has an account.
  const headers = made.outcome === 'invited' ? setCookie('asked', sealed(made.id)) : setCookie('asked', sealed(''))
  return { status: 303, headers: { ...headers, location: '/state' } }
}

/** Shown to the browser that asked: the id is in its cookie, and nobody can put another one there. */
async function showState(request) {
  const id = unsealed(cookieOf(request, 'asked'))
  if (id === undefined) return { status: 303, headers: { location: '/' } }
  const invitation = id === '' ? undefined : await graph.invitation(id)
  const token = cookieOf(request, 'form') ?? randomUUID()
  return { headers: setCookie('form', token), html: statePage({ invitation, token }) }
}

async function sendAgain(request) {
  const fields = await fieldsOf(request)
  const id = unsealed(cookieOf(request, 'asked'))
  if (!id || fields.token !== cookieOf(request, 'form'))
    return { status: 403, html: missingPage('Open the page again.') }
  const resent = await graph.resend(id)
  if (resent.outcome === 'done') return { status: 303, headers: { location: '/state' } }
  const html = statePage({ invitation: await graph.invitation(id), token: fields.token, error: resent.message })
  return { status: 429, headers: { 'retry-after': String(resent.retryAfter) }, html }
}

function isAllowed(address = '') {
  const since = Date.now() - HOUR_MS
  if (sent.size > 10_000) sent.clear()
  const times = (sent.get(address) ?? []).filter((time) => time > since)
  sent.set(address, [...times, Date.now()])
  return times.length < FORMS_AN_HOUR
}

async function fieldsOf(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > MOST_BODY_BYTES) return {}
  }
  return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, value.trim()]))
}

function cookieOf(request, name) {
  const pair = (request.headers.cookie ?? '').split(/; */).find((each) => each.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

function setCookie(name, value) {
  const secure = settings.publicUrl?.startsWith('https:') ? '; Secure' : ''
  return { 'set-cookie': `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400${secure}` }
}

function sealed(id) {
  return `${id}.${createHmac('sha256', key).update(id).digest('base64url')}`
}

/** The id in a cookie of ours; undefined when it is none. */
function unsealed(cookie) {
  if (cookie === undefined) return undefined
  const id = cookie.slice(0, cookie.lastIndexOf('.'))
  const given = Buffer.from(cookie)
  const own = Buffer.from(sealed(id))
  return given.length === own.length && timingSafeEqual(given, own) ? id : undefined
}

function originOf() {
  return settings.publicUrl ?? `http://localhost:${server.address().port}`
}

/** From the environment, or from the `bootstrap.json` of a local instance. */
function readSettings(env) {
  const file = env.VESTIBULE_BOOTSTRAP
  const local = file ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const settings = {
    url: env.VESTIBULE_URL ?? local.baseUrl,
    tenant: env.VESTIBULE_TENANT ?? local.tenantId,
    clientId: env.VESTIBULE_CLIENT_ID ?? local.clientId,
    clientSecret: env.VESTIBULE_CLIENT_SECRET ?? local.clientSecret,
    port: Number(env.PORT ?? 8080),
    host: env.HOST ?? '127.0.0.1',
    publicUrl: env.PORTAL_URL,
  }
  const missing = ['url', 'tenant', 'clientId', 'clientSecret'].filter((name) => !settings[name])
  if (missing.length > 0) {
    console.error(`Missing: ${missing.join(', ')}. Set VESTIBULE_BOOTSTRAP, or VESTIBULE_URL, VESTIBULE_TENANT,`)
    console.error('VESTIBULE_CLIENT_ID and VESTIBULE_CLIENT_SECRET. README.md says how to get them.')
    process.exit(2)
  }
  return settings
}
