import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as X509 from '@peculiar/x509'
import ipaddr from 'ipaddr.js'
import { DAY_MS, type Instant, later } from '../kernel/instant.js'

/** What an https listener needs; `caFile` is what clients are told to trust. */
export type LocalCertificate = { caFile: string; cert: string; key: string }

type Wanted = { dataDir: string; hosts: readonly string[]; now: Instant }
type Pair = { cert: string; key: string }

const CA_DAYS = 3650
/** Browsers refuse longer ones (CA/Browser Forum baseline requirements, section 6.3.2). */
const CERTIFICATE_DAYS = 397
const RENEW_WITHIN_DAYS = 30
/** A clock that is a little behind ours must not find the certificate too young. */
const BACKDATED_MS = 5 * 60_000
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * A certificate for `hosts` (names and addresses) from a CA of this data directory. Both are kept: the CA, so that
 * clients need to trust it only once, and the certificate until 30 days before it expires. The CA is good for these
 * hosts only (RFC 5280 section 4.2.1.10), so whoever steals its key cannot pass for another site.
 * Keys are 0600 in a 0700 directory; `ca.pem` is no secret.
 */
export async function ensureLocalCertificate({ dataDir, hosts, now }: Wanted): Promise<LocalCertificate> {
  const privateDir = join(dataDir, 'tls')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await mkdir(privateDir, { recursive: true, mode: 0o700 })
  await chmod(privateDir, 0o700)
  const caFile = join(dataDir, 'ca.pem')
  const caKeyFile = join(privateDir, 'ca-key.pem')
  const certFile = join(privateDir, 'cert.pem')
  const keyFile = join(privateDir, 'key.pem')

  let ca = await readPair(caFile, caKeyFile)
  if (!ca || !isUsableCa(ca.cert, hosts, now)) {
    ca = await makeCa(hosts, now)
    await writeFiles([caKeyFile, ca.key, 0o600], [caFile, ca.cert, 0o644])
  }
  let pair = await readPair(certFile, keyFile)
  if (!pair || !isUsableCertificate(pair.cert, ca.cert, hosts, now)) {
    pair = await makeCertificate(ca, hosts, now)
    await writeFiles([keyFile, pair.key, 0o600], [certFile, pair.cert, 0o644])
  }
  return { caFile, cert: pair.cert, key: pair.key }
}

/** Both files, if they are there and belong together. */
async function readPair(certFile: string, keyFile: string): Promise<Pair | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')])
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key } : undefined
  } catch {
    return undefined
  }
}

function isUsableCa(pem: string, hosts: readonly string[], now: Instant): boolean {
  const cert = new X509Certificate(pem)
  return cert.ca && lastsLong(cert, now) && cert.raw.includes(nameConstraints(hosts))
}

function isUsableCertificate(pem: string, caPem: string, hosts: readonly string[], now: Instant): boolean {
  const cert = new X509Certificate(pem)
  const issued = cert.verify(new X509Certificate(caPem).publicKey)
  const covers = hosts.every((host) => (ipaddr.isValid(host) ? cert.checkIP(host) : cert.checkHost(host)))
  return issued && covers && lastsLong(cert, now)
}

function lastsLong(cert: X509Certificate, now: Instant): boolean {
  return new Date(cert.validTo) > later(now, RENEW_WITHIN_DAYS * DAY_MS)
}

async function makeCa(hosts: readonly string[], now: Instant): Promise<Pair> {
  const x509 = await loadX509()
  const keys = await makeKeys()
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    // The year tells a person who has trusted several of them which one to throw away.
    name: `CN=Vestibule local CA ${now.getUTCFullYear()}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: later(now, -BACKDATED_MS),
    notAfter: later(now, CA_DAYS * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension('2.5.29.30', true, Uint8Array.from(nameConstraints(hosts))),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: await toPem(keys.privateKey) }
}

async function makeCertificate(ca: Pair, hosts: readonly string[], now: Instant): Promise<Pair> {
  const x509 = await loadX509()
  const issuer = new x509.X509Certificate(ca.cert)
  const keys = await makeKeys()
  const names = hosts.map((host) => ({ type: ipaddr.isValid(host) ? ('ip' as const) : ('dns' as const), value: host }))
  const cert = await x509.X509CertificateGenerator.create({
    subject: `CN=${hosts[0] ?? ''}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await fromPem(ca.key),
    signingAlgorithm: ALGORITHM,
    notBefore: later(now, -BACKDATED_MS),
    notAfter: later(now, CERTIFICATE_DAYS * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: `${cert.toString('pem')}\n`, key: await toPem(keys.privateKey) }
}

/**
 * The library wires itself with decorators and refuses to load without a Reflect that knows metadata, though it keeps
 * none. Answering "no metadata" while it loads spares a polyfill that would change a global for good.
 */
export async function loadX509(): Promise<typeof X509> {
  const missing = ['getMetadata', 'getOwnMetadata'].filter((name) => !(name in Reflect))
  for (const name of missing) Object.defineProperty(Reflect, name, { value: () => undefined, configurable: true })
  try {
    return await import('@peculiar/x509')
  } finally {
    for (const name of missing) Reflect.deleteProperty(Reflect, name)
  }
}

function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function toPem(key: CryptoKey): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', key))
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString()
}

function fromPem(pem: string): Promise<CryptoKey> {
  const bytes = Uint8Array.from(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }))
  return crypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign'])
}

/** The extension's value, which the library does not build: permitted subtrees, one a host (RFC 5280 section 4.2.1.10). */
function nameConstraints(hosts: readonly string[]): Buffer {
  const subtrees = hosts.map((host) =>
    der(0x30, ipaddr.isValid(host) ? addressAlone(host) : der(0x82, Buffer.from(host))),
  )
  return der(0x30, der(0xa0, Buffer.concat(subtrees)))
}

/** An iPAddress constraint is an address and a mask; all ones is this address and no other. */
function addressAlone(host: string): Buffer {
  const bytes = ipaddr.parse(host).toByteArray()
  return der(0x87, Buffer.from([...bytes, ...bytes.map(() => 0xff)]))
}

/** Tag, length, value (X.690 section 8.1). */
function der(tag: number, value: Buffer): Buffer {
  if (value.length > 255) throw new Error('assumed: a handful of local names')
  const length = value.length < 128 ? [value.length] : [0x81, value.length]
  return Buffer.concat([Buffer.from([tag, ...length]), value])
}

/** Each file appears complete or not at all; keys come first, since a certificate without its key is remade. */
async function writeFiles(...files: [path: string, text: string, mode: number][]): Promise<void> {
  for (const [path, text, mode] of files) {
    const draft = `${path}.${process.pid}`
    await writeFile(draft, text, { mode })
    await chmod(draft, mode)
    await rename(draft, path)
  }
}
