import { connect } from 'node:net'
import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, send } from './scene.js'

t.test('addresses that make parsers try forever are refused at once', async (t) => {
  const service = await startService(t, { workers: false })
  const n = 50_000
  const addresses = [
    `${'a.'.repeat(n / 2)}@partner.example`,
    `${'('.repeat(n)}`,
    `${'<'.repeat(n)}@${'>'.repeat(10)}`,
    `"${'\\"'.repeat(n / 3)}"@partner.example`,
    `a@${'b.'.repeat(n / 2)}c`,
    `${'@'.repeat(n)}`,
    `a@${'-'.repeat(n)}.example`,
    `${'group:'.repeat(n / 6)};`,
    `a@${'\u00ad'.repeat(n / 4)}.example`,
    `a@${'xn--'.repeat(60)}.example`,
    `${'=?utf-8?q?'.repeat(n / 10)}`,
  ]
  await changesNothing(t, service, async () => {
    let longest = 0
    for (const address of addresses) {
      const start = process.hrtime.bigint()
      const answer = await service.api('POST', '/invitations', {
        invitedUserEmailAddress: address,
        inviteRedirectUrl: 'https://app.example/',
      })
      longest = Math.max(longest, Number(process.hrtime.bigint() - start) / 1e6)
      t.ok([400, 413].includes(answer.status), `${answer.status} ${address.slice(0, 12)}`)
      const list = await service.api(
        'GET',
        `/users?$filter=${encodeURIComponent(`mail eq '${address.slice(0, 6_000).replaceAll("'", "''")}'`)}`,
      )
      t.ok([200, 400, 431].includes(list.status), `${list.status}`)
    }
    t.comment(`slowest answer ${longest.toFixed(0)} ms`)
    const redirects = [
      'https://'.repeat(200),
      `https://${'a.'.repeat(900)}example/`,
      `https://app.example/${'%'.repeat(2_000)}`,
    ]
    for (const inviteRedirectUrl of redirects) {
      const wish = { invitedUserEmailAddress: 'not an address', inviteRedirectUrl }
      t.equal((await service.api('POST', '/invitations', wish)).status, 400)
    }
  })
})

t.test('malformed authorization headers are refused, never crash anything', async (t) => {
  const service = await startService(t, { workers: false })
  const headers = [
    'Bearer',
    'Bearer ',
    'Bearer a',
    'Bearer a.b',
    'Bearer a.b.c',
    'Bearer a.b.c.d.e',
    `Bearer ${'a'.repeat(10_000)}`,
    `Bearer ${'.'.repeat(3_000)}`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer bnVsbA.bnVsbA.bnVsbA',
    'Bearer W10.W10.W10',
    'Basic YTpi',
    'Basic %%%',
    'Negotiate x',
    'bearer\t\tx',
    ': :',
  ]
  await changesNothing(t, service, async () => {
    for (const authorization of headers) {
      const answer = await send(`${service.baseUrl}/v1.0/users`, { headers: { authorization } })
      t.equal(answer.status, 401, authorization.slice(0, 40))
      t.equal(answer.body.error.code, 'InvalidAuthenticationToken')
      const form = { 'content-type': 'application/x-www-form-urlencoded', authorization }
      const token = await send(`${service.baseUrl}/${service.tenantId}/oauth2/v2.0/token`, {
        method: 'POST',
        headers: form,
        body: 'grant_type=client_credentials&scope=https://graph.microsoft.com/.default',
      })
      t.ok([400, 401].includes(token.status), `${token.status}`)
    }
  })
})

t.test('what is not even HTTP is answered or cut off, and the service goes on', async (t) => {
  const service = await startService(t, { workers: false })
  const port = Number(new URL(service.baseUrl).port)
  const streams = [
    'GET /v1.0/users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n',
    'POST /v1.0/invitations HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /',
    'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(20_000)}\r\n`,
    'GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /%c0%ae%c0%ae/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\0\0\0\0',
  ]
  await changesNothing(t, service, async () => {
    for (const stream of streams) {
      const answer = await raw(port, stream)
      const [status = ''] = answer.split('\r\n', 1)
      t.match(status, /^(?:HTTP\/1\.1 4\d\d|)/, stream.slice(0, 40).replace(/[^ -~]/g, '.'))
      t.notMatch(status, /HTTP\/1\.1 [25]/)
      t.equal((await fetch(`${service.baseUrl}/healthz`)).status, 200)
    }
  })
})

/** All that comes back until the other side closes, or has been silent for a second after an answer. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')))
    const end = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(1_000, end)
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', end)
    socket.on('close', end)
  })
}
