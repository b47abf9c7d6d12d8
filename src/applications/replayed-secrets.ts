import { type Keys, sameBytes } from '../platform/crypto.js'
import type { IdempotentRequest } from '../platform/idempotency/request.js'
import { type NewSecret, secretHmacs } from './add-credential.js'
import type { Application, Credential } from './tables.js'

/**
 * The text of a secret that is made for a request with an `Idempotency-Key`: worked out from the key and the secret's id
 * under `VESTIBULE_SECRET`, so that a repetition is told the same one and nothing of it is kept meanwhile. No two secrets
 * are alike, since their ids differ.
 */
export function secretTextOf(keys: Pick<Keys, 'mac'>, { keyHash }: IdempotentRequest, keyId: string): string {
  return keys.mac('client-secret-replay', keyHash, keyId).toString('base64url')
}

/** The same, once more, by the row that is left of it; undefined when it was made by another request. */
export function secretToldBefore(
  keys: Keys,
  { keyHash }: IdempotentRequest,
  { tenantId, appId }: Pick<Application, 'tenantId' | 'appId'>,
  row: Credential,
): NewSecret | undefined {
  const { keyId, hint, displayName, startDateTime, endDateTime, secretHmac } = row
  if (secretHmac === null || hint === null || endDateTime === null) return undefined
  const texts = keys.macs('client-secret-replay', keyHash, keyId).map((mac) => mac.toString('base64url'))
  // What is kept has the mark of its key behind it.
  const isIt = (text: string) =>
    secretHmacs({ keys }, tenantId, appId, text).some((mac) => sameBytes(mac, secretHmac.subarray(0, mac.length)))
  const secretText = texts.find(isIt)
  return secretText === undefined ? undefined : { keyId, secretText, hint, displayName, startDateTime, endDateTime }
}
