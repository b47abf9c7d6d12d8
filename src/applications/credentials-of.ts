import type { Credential } from './tables.js'

/** Graph: passwordCredential, without the secret, which nobody has. */
export function passwordCredential(row: Credential) {
  return {
    customKeyIdentifier: null,
    displayName: row.displayName,
    endDateTime: row.endDateTime,
    hint: row.hint,
    keyId: row.keyId,
    secretText: null,
    startDateTime: row.startDateTime,
  }
}

/** Graph: keyCredential. The certificate is told only to whoever asks for this property of one application. */
export function keyCredential(row: Credential, isWhole: boolean) {
  return {
    customKeyIdentifier: row.customKeyIdentifier?.toString('hex').toUpperCase() ?? null,
    displayName: row.displayName,
    endDateTime: row.endDateTime,
    key: isWhole ? (row.certificate?.toString('base64') ?? null) : null,
    keyId: row.keyId,
    startDateTime: row.startDateTime,
    type: row.certificate ? 'AsymmetricX509Cert' : 'AsymmetricJwk',
    usage: 'Verify',
  }
}
