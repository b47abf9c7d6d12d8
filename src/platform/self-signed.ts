import { createPrivateKey } from 'node:crypto'
import { DAY_MS, type Instant, later } from '../kernel/instant.js'
import { loadX509 } from './local-ca.js'

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}

/** An RSA key with a certificate that only says which key it is: what partners are given to know a signature by. */
export async function makeSelfSigned(options: {
  commonName: string
  now: Instant
  days: number
}): Promise<{ key: string; certificate: string; expires: Instant }> {
  const { commonName, now, days } = options
  const x509 = await loadX509()
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const expires = later(now, days * DAY_MS)
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: later(now, -DAY_MS),
    notAfter: expires,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    ],
  })
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' })
  return { key: key.toString(), certificate: `${certificate.toString('pem')}\n`, expires }
}
