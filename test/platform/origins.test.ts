import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { createOrigins } from '../../src/platform/origins.js'

/** A request as it arrived on one of the listeners, with whatever headers its sender liked. */
function arriving(isTls: boolean): FastifyRequest {
  const socket = isTls ? new TLSSocket(new Socket()) : new Socket()
  const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const request: any = { raw: { socket }, headers, hostname: 'evil.example', protocol: 'https' }
  return request
}

t.test('nothing speaks of an origin before the listeners are bound', async (t) => {
  const origins = createOrigins()
  t.throws(() => origins.publicUrl(), /not known/)
  t.throws(() => origins.all(), /not known/)
  t.throws(() => origins.of(arriving(false)), /not known/)
  t.equal(origins.tlsUrl(), undefined)
})

t.test('the socket decides the origin, and no header does', async (t) => {
  const origins = createOrigins()
  origins.set({ publicUrl: 'http://localhost:3000/', tlsUrl: 'https://localhost:3443/' })
  t.equal(origins.of(arriving(false)), 'http://localhost:3000')
  t.equal(origins.of(arriving(true)), 'https://localhost:3443')
  t.strictSame(origins.all(), ['http://localhost:3000', 'https://localhost:3443'])
  t.equal(origins.isSecure(arriving(false)), false)
  t.equal(origins.isSecure(arriving(true)), true)
})

t.test('behind a proxy that ends TLS the public URL counts on the plain listener', async (t) => {
  const origins = createOrigins()
  origins.set({ publicUrl: 'https://id.contoso.example' })
  t.equal(origins.of(arriving(false)), 'https://id.contoso.example')
  t.equal(origins.isSecure(arriving(false)), true)
  t.strictSame(origins.all(), ['https://id.contoso.example'])
})
