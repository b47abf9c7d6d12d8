import { createHash, randomBytes } from 'node:crypto'
import { HttpConnection } from './http-connection.js'
import { type Asked, CALLBACK } from './relying-party.js'
import { serve } from './worker.js'

export type SignInOrder = { asked: Asked; what: 'code' | 'client'; connections: number; seconds: number }
export type SignInResult = { seconds: number; milliseconds: number[]; processorSeconds: number }

serve(run)

/**
 * Signs in to an application again and again with browsers that have a session, or asks for tokens of the client alone,
 * as fast as the connections allow.
 */
async function run({ asked, what, connections, seconds }: SignInOrder): Promise<SignInResult> {
  const milliseconds: number[] = []
  let failure: Error | undefined
  let next = 0
  const began = performance.now()
  const until = began + seconds * 1_000
  const form = clientForm(asked)

  const client = async () => {
    const connection = new HttpConnection('127.0.0.1', asked.port)
    const send = (request: string) => connection.send(request)
    while (failure === undefined && performance.now() < until) {
      const sent = performance.now()
      const cookie = asked.cookies[next++ % asked.cookies.length] ?? ''
      await (what === 'client' ? expectToken(await send(form), 'access_token') : signIn(asked, cookie, send))
      milliseconds.push(performance.now() - sent)
    }
    connection.close()
  }
  await Promise.all(
    Array.from({ length: connections }, () =>
      client().catch((error: Error) => {
        failure ??= error
      }),
    ),
  )
  if (failure !== undefined) throw failure
  const { user, system } = process.cpuUsage()
  return {
    seconds: (performance.now() - began) / 1_000,
    milliseconds,
    processorSeconds: (user + system) / 1e6,
  }
}

type Send = (request: string) => Promise<{ status: number; head: string; body: string }>

const SCOPE = 'openid%20profile%20email'

/** Authorization code with PKCE: the browser's request, and the application's (OpenID Connect Core section 3.1). */
async function signIn(asked: Asked, cookie: string, send: Send): Promise<void> {
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const state = verifier.slice(0, 12)
  const query = `response_type=code&client_id=${asked.clientId}&redirect_uri=${encodeURIComponent(CALLBACK)}&scope=${SCOPE}&state=${state}&nonce=n${state}&code_challenge=${challenge}&code_challenge_method=S256`
  const answer = await send(
    `GET ${asked.authorizePath}?${query} HTTP/1.1\r\nhost: localhost:${asked.port}\r\ncookie: ${cookie}\r\n\r\n`,
  )
  const code = /^location: https:\/\/app\.example\/callback\?code=([^&\s]+)/im.exec(answer.head)?.[1]
  if (answer.status !== 303 || code === undefined) throw new Error(`no code, but ${answer.status} ${answer.head}`)
  const form = tokenRequest(
    asked,
    `grant_type=authorization_code&code=${code}&redirect_uri=${encodeURIComponent(CALLBACK)}&code_verifier=${verifier}`,
  )
  expectToken(await send(form), 'id_token')
}

function clientForm(asked: Asked): string {
  return tokenRequest(asked, `grant_type=client_credentials&scope=${encodeURIComponent(asked.clientScope)}`)
}

function tokenRequest(asked: Asked, fields: string): string {
  const body = `${fields}&client_id=${asked.clientId}&client_secret=${encodeURIComponent(asked.clientSecret)}`
  const head = `POST ${asked.tokenPath} HTTP/1.1\r\nhost: localhost:${asked.port}\r\ncontent-type: application/x-www-form-urlencoded`
  return `${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

function expectToken({ status, body }: { status: number; body: string }, name: string): void {
  if (status !== 200 || !body.includes(`"${name}":"ey`)) throw new Error(`no ${name}, but ${status} ${body}`)
}
