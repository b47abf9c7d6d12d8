import { X509Certificate } from 'node:crypto'
import type { JWK } from 'jose'
import { publicPart } from './add-credential.js'
import { refusals } from './errors.js'

/** What a certificate says: its key, its SHA-1 thumbprint by which clients name it, and when it is good. */
export type ReadCertificate = { raw: Buffer; publicJwk: JWK; thumbprint: Buffer; from: Date; to: Date }

/**
 * Reads a certificate in DER or PEM, either in base64 once more, as clients send both (Graph: keyCredential.key).
 * @throws Refusal naming `target`.
 */
export function readCertificate(target: string, base64: string): ReadCertificate {
  try {
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'))
    const jwk = certificate.publicKey.export({ format: 'jwk' }) as JWK
    return {
      raw: certificate.raw,
      publicJwk: publicPart(jwk),
      thumbprint: Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex'),
      from: new Date(certificate.validFrom),
      to: new Date(certificate.validTo),
    }
  } catch (cause) {
    throw refusals.unusableCertificate(target, cause)
  }
}
