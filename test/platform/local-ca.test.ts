import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestOptions, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DAY_MS, later } from '../../src/kernel/instant.js'
import { ensureLocalCertificate } from '../../src/platform/local-ca.js'

const hosts = ['localhost', '127.0.0.1', '::1']
const now = new Date()

t.test('a client that trusts the CA file reaches every local name', async (t) => {
  const local = await ensureLocalCertificate({ dataDir: t.testdir(), hosts, now })
  const port = await serve(t, local)
  const ca = readFileSync(local.caFile)
  for (const host of hosts) t.equal(await status({ host, port, ca }), 204, host)
  await t.rejects(
    status({ host: 'localhost', port }),
    { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    'and nobody else does',
  )
})

t.test('the CA is good for the local names only', async (t) => {
  const dataDir = t.testdir()
  const local = await ensureLocalCertificate({ dataDir, hosts, now })
  const evil = await sign(readFileSync(local.caFile, 'utf8'), readFileSync(join(dataDir, 'tls/ca-key.pem'), 'utf8'))
  const port = await serve(t, evil)
  // The thief of the CA key serves another site; the client is led to it by a forged name.
  const lookup: RequestOptions['lookup'] = (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
  const options = { host: 'bank.example', port, ca: readFileSync(local.caFile), lookup }
  await t.rejects(status(options), /permitted subtree violation/)
})

t.test('CA and certificate stay the same from start to start', async (t) => {
  const dataDir = t.testdir()
  const first = await ensureLocalCertificate({ dataDir, hosts, now })
  const ca = readFileSync(first.caFile, 'utf8')
  t.same(await ensureLocalCertificate({ dataDir, hosts, now: later(now, 300 * DAY_MS) }), first)
  t.equal(readFileSync(first.caFile, 'utf8'), ca)
})

t.test('a certificate with less than 30 days left is renewed by the same CA', async (t) => {
  const dataDir = t.testdir()
  const first = await ensureLocalCertificate({ dataDir, hosts, now })
  const ca = readFileSync(first.caFile, 'utf8')
  const inTime = later(now, 368 * DAY_MS)
  const renewed = await ensureLocalCertificate({ dataDir, hosts, now: inTime })
  t.not(renewed.cert, first.cert)
  t.equal(readFileSync(first.caFile, 'utf8'), ca)
  const certificate = new X509Certificate(renewed.cert)
  t.ok(new Date(certificate.validTo) > later(inTime, 365 * DAY_MS))
  t.ok(certificate.verify(new X509Certificate(ca).publicKey))
  t.ok(certificate.checkPrivateKey(createPrivateKey(renewed.key)))
})

t.test('a CA that expires or is for other names is replaced together with its certificate', async (t) => {
  const dataDir = t.testdir()
  const first = await ensureLocalCertificate({ dataDir, hosts, now })
  const ca = readFileSync(first.caFile, 'utf8')
  await ensureLocalCertificate({ dataDir, hosts: [...hosts, 'vestibule.test'], now })
  const wider = readFileSync(first.caFile, 'utf8')
  t.not(wider, ca)
  await ensureLocalCertificate({ dataDir, hosts: [...hosts, 'vestibule.test'], now: later(now, 3640 * DAY_MS) })
  t.not(readFileSync(first.caFile, 'utf8'), wider)
})

t.test('a damaged file or a key that does not belong to its certificate is made anew', async (t) => {
  const dataDir = t.testdir()
  const first = await ensureLocalCertificate({ dataDir, hosts, now })
  writeFileSync(join(dataDir, 'tls/cert.pem'), first.cert.slice(0, 200))
  const second = await ensureLocalCertificate({ dataDir, hosts, now })
  t.not(second.cert, first.cert)
  writeFileSync(join(dataDir, 'tls/key.pem'), first.key)
  const third = await ensureLocalCertificate({ dataDir, hosts, now })
  t.ok(new X509Certificate(third.cert).checkPrivateKey(createPrivateKey(third.key)))
})

t.test('keys can be read by nobody else', async (t) => {
  const dataDir = join(t.testdir(), 'data')
  await ensureLocalCertificate({ dataDir, hosts, now })
  const mode = (path: string) => statSync(join(dataDir, path)).mode & 0o777
  t.same([mode('.'), mode('tls'), mode('tls/key.pem'), mode('tls/ca-key.pem')], [0o700, 0o700, 0o600, 0o600])
})

t.test('loading the certificate library leaves no trace on globals', async (t) => {
  await ensureLocalCertificate({ dataDir: t.testdir(), hosts, now })
  t.notOk('getMetadata' in Reflect)
})

async function serve(t: Test, { cert, key }: { cert: string; key: string }): Promise<number> {
  const server = createServer({ cert, key }, (_, response) => response.writeHead(204).end())
  server.listen(0, '::')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function status(options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...options, agent: false }, (response) => resolve(response.resume().statusCode))
    outgoing.once('error', reject).end()
  })
}

/** A certificate for another site, signed with a stolen CA key. */
async function sign(caPem: string, caKeyPem: string): Promise<{ cert: string; key: string }> {
  const x509 = await import('@peculiar/x509')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const caKey = Uint8Array.from(createPrivateKey(caKeyPem).export({ format: 'der', type: 'pkcs8' }))
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=bank.example',
    issuer: new x509.X509Certificate(caPem).subject,
    publicKey: keys.publicKey,
    signingKey: await crypto.subtle.importKey('pkcs8', caKey, algorithm, false, ['sign']),
    signingAlgorithm: algorithm,
    notBefore: later(now, -DAY_MS),
    notAfter: later(now, DAY_MS),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'bank.example' }])],
  })
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const pem = createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' })
  return { cert: cert.toString('pem'), key: pem.toString() }
}
