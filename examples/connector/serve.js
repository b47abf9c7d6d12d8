import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer as createPlain } from 'node:http'
import { createServer as createSecure } from 'node:https'

const MOST_BYTES = 65_536
/** Seconds that a signed request may be old. */
const MOST_AGE = 300

/**
 * Serves a connector at one address. `decide(claims)` gets what is known of the visitor and returns one of the answers
 * below. Who asks proves it by CONNECTOR_SECRET: a password of HTTP Basic (user `vestibule`), or, when it begins with
 * `whsec_`, a signature of Standard Webhooks.
 */
export function serve(decide, { env = process.env } = {}) {
  const secret = env.CONNECTOR_SECRET
  if (!secret) throw new Error('Set CONNECTOR_SECRET to what Vestibule proves itself with.')
  const listener = async (request, response) => {
    try {
      const text = await read(request)
      if (!isKnown(request.headers, text, secret))
        return answer(response, { status: 401, body: { error: 'who are you?' } })
      answer(response, await decide(JSON.parse(text)))
    } catch (error) {
      console.error(error)
      answer(response, { status: 500, body: { error: 'it did not work' } })
    }
  }
  const { TLS_CERT: cert, TLS_KEY: key, PORT = '0', HOST = '127.0.0.1' } = env
  const isSecure = cert && key
  const server = isSecure
    ? createSecure({ cert: readFileSync(cert), key: readFileSync(key) }, listener)
    : createPlain(listener)
  server.listen(Number(PORT), HOST, () => {
    console.log(
      `${isSecure ? 'https' : 'http'}://${HOST === '127.0.0.1' ? 'localhost' : HOST}:${server.address().port}/`,
    )
  })
  return server
}

/** The visitor goes on; `claims` prefill the form (first slot) or replace what was typed (second slot). */
export const goOn = (claims = {}) => ({ status: 200, body: { version: '1.0.0', action: 'Continue', ...claims } })
/** The sign-up ends with this sentence. */
export const block = (userMessage) => ({
  status: 200,
  body: { version: '1.0.0', action: 'ShowBlockPage', userMessage },
})
/** The visitor stays at the form, as typed, reads this sentence and tries again. Second slot only. */
export const correct = (userMessage) => ({
  status: 400,
  body: { version: '1.0.0', action: 'ValidationError', status: 400, userMessage },
})

/** A claim by its name, or an attribute of the organization's own by the name it was given there. */
export function claimOf(claims, name) {
  const own = Object.keys(claims).find((key) => new RegExp(`^extension_([0-9a-f]{32}_)?${name}$`).test(key))
  return claims[name] ?? claims[own]
}

/** Whether the visitor reads a language: `ui_locales` is such as `de-CH`. */
export const reads = (claims, language) =>
  String(claims.ui_locales ?? '')
    .toLowerCase()
    .startsWith(language)

async function read(request) {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > MOST_BYTES) throw new Error('the request is too long')
  }
  return text
}

function answer(response, { status, body }) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function isKnown(headers, text, secret) {
  if (!secret.startsWith('whsec_')) {
    const [, given = ''] = /^Basic (.*)$/.exec(headers.authorization ?? '') ?? []
    return isSame(Buffer.from(given, 'base64').toString(), `vestibule:${secret}`)
  }
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers
  if (Math.abs(Date.now() / 1_000 - Number(time)) > MOST_AGE) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const own = `v1,${createHmac('sha256', key).update(`${id}.${time}.${text}`).digest('base64')}`
  return signatures.split(' ').some((one) => isSame(one, own))
}

/** In the same time wherever they differ. */
function isSame(a, b) {
  const hash = (text) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(a), hash(b))
}
