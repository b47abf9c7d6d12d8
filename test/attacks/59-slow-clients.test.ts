import { connect, type Socket } from 'node:net'
import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

/** Ours are as long as the real clients need; the mechanism is the same when they are short. */
const SHORT_MS = 1_000

t.test('slow heads, slow bodies and silence are cut off, while everybody else is served', async (t) => {
  const service = await startService(t, { workers: false })
  const { server } = service.app
  t.ok(server.headersTimeout > 0 && server.headersTimeout <= 30_000, 'heads have an end')
  t.ok(server.requestTimeout > 0 && server.requestTimeout <= 60_000, 'so have bodies')
  t.ok(server.timeout > 0 && server.timeout <= 120_000, 'so has silence')
  server.headersTimeout = SHORT_MS
  server.requestTimeout = SHORT_MS * 2
  const port = Number(new URL(service.baseUrl).port)
  const token = await service.appToken(['User.Invite.All'])
  const head = `POST /v1.0/invitations HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
  const drips: [string, string][] = [
    ['nothing at all', ''],
    ['half a line', 'GET / HT'],
    ['a head that never ends', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n'],
    ['a body that never ends', `${head}Content-Length: 60000\r\n\r\n{"`],
    ['chunks that never end', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n`],
    [
      'a form that never ends',
      'POST /signin/blocks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\na',
    ],
    [
      'a token request that never ends',
      `POST /${service.tenantId}/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\na`,
    ],
  ]
  await changesNothing(t, service, async () => {
    const ended = drips.flatMap(([how, text]) =>
      Array.from({ length: 20 }, () => untilCutOff(port, text, how.includes('head') ? 'X: y\r\n' : 'a')),
    )
    for (let turn = 0; turn < 20; turn++) {
      t.equal((await service.api('GET', '/users')).status, 200, 'meanwhile')
      await new Promise((go) => setTimeout(go, 50))
    }
    await Promise.all(ended)
    t.pass(`all ${ended.length} were cut off`)
  })
  t.equal((await service.api('GET', '/users')).status, 200)
})

t.test('thousands of idle connections are bounded, and the service stays up', async (t) => {
  const service = await startService(t, { workers: false })
  const { server } = service.app
  t.ok(server.maxConnections > 0 && server.maxConnections <= 20_000, 'there is a most')
  const port = Number(new URL(service.baseUrl).port)
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (let batch = 0; batch < 12; batch++) {
    await Promise.all(Array.from({ length: 250 }, () => opened(port, sockets)))
  }
  t.equal(await held(service.app.server), true, '3,000 are held')
  t.equal(
    (
      await service.api('POST', '/invitations', {
        invitedUserEmailAddress: 'ana@partner.example',
        inviteRedirectUrl: 'https://app.example/',
      })
    ).status,
    201,
  )

  server.maxConnections = 100
  const further: Socket[] = []
  await Promise.all(Array.from({ length: 50 }, () => opened(port, further)))
  await Promise.all(
    further.map((socket) => (socket.closed ? undefined : new Promise((done) => socket.once('close', done)))),
  )
  t.pass('over the most a connection is closed at once')
  for (const socket of sockets) socket.destroy()
  server.maxConnections = 10_000
  t.equal((await fetch(`${service.baseUrl}/healthz`)).status, 200, 'and once they are gone everything is as before')
})

/** Sends `text`, then a little more every now and then, until the other side closes. */
function untilCutOff(port: number, text: string, more: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      if (text !== '') socket.write(text)
    })
    const drip = setInterval(() => text !== '' && socket.write(more), 400)
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(drip)
      resolve()
    })
  })
}

function opened(port: number, into: Socket[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    into.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.once('connect', () => resolve())
    socket.once('close', () => resolve())
  })
}

/** Whether the server counts them all. */
async function held(server: {
  getConnections(heard: (error: Error | null, count: number) => void): unknown
}): Promise<boolean> {
  for (let turn = 0; turn < 100; turn++) {
    const count = await new Promise<number>((resolve) => server.getConnections((_error, found) => resolve(found)))
    if (count >= 3_000) return true
    await new Promise((go) => setTimeout(go, 50))
  }
  return false
}
