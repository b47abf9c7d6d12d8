import { createHash } from 'node:crypto'
import type { AdapterPayload } from 'oidc-provider'
import type { Keys } from '../platform/crypto.js'

/** Models whose id is what their holder shows: whoever knows it is let in. */
const SHOWN = /^(?:AccessToken|AuthorizationCode|RefreshToken|DeviceCode)$/

/**
 * What a token is kept under: its hash, so that no copy of the database holds one that is good. Tokens are 256 random
 * bits, which nobody finds by trying; a keyed hash would end them all when the secret is rotated. Other ids open nothing
 * by themselves and stay.
 */
export function storedId(model: string, id: string): string {
  return SHOWN.test(model) ? createHash('sha256').update(id).digest('base64url') : id
}

type DeviceKeys = Pick<Keys, 'seal' | 'open'>

/**
 * A payload without the token. The code of a device is looked for by what a person types, and has to be known again then:
 * it is sealed.
 */
export function withoutToken(keys: DeviceKeys, model: string, payload: AdapterPayload): AdapterPayload {
  if (model === 'Interaction' && typeof payload.deviceCode === 'string') {
    return { ...payload, deviceCode: seal(keys, payload.deviceCode) }
  }
  if (!SHOWN.test(model)) return payload
  const { jti, ...rest } = payload
  return model === 'DeviceCode' && typeof jti === 'string' ? { ...rest, sealed: seal(keys, jti) } : rest
}

/**
 * The payload as the library gave it; `id` where it is what was looked for. Undefined, as if its time were over, where none
 * of the secrets opens it: they were changed, or a release that sealed nothing kept it.
 */
export function withToken(
  keys: DeviceKeys,
  model: string,
  payload: AdapterPayload | undefined,
  id?: string,
): AdapterPayload | undefined {
  if (model === 'Interaction' && typeof payload?.deviceCode === 'string') {
    const deviceCode = open(keys, payload.deviceCode)
    return deviceCode === undefined ? undefined : { ...payload, deviceCode }
  }
  if (!payload || !SHOWN.test(model)) return payload
  const { sealed, ...rest } = payload
  const jti = id ?? (typeof sealed === 'string' ? open(keys, sealed) : undefined)
  return jti === undefined ? undefined : { ...rest, jti }
}

function seal(keys: DeviceKeys, text: string): string {
  return keys.seal('device-code', Buffer.from(text)).toString('base64url')
}

function open(keys: DeviceKeys, sealed: string): string | undefined {
  try {
    return keys.open('device-code', Buffer.from(sealed, 'base64url')).toString()
  } catch {
    return undefined
  }
}
