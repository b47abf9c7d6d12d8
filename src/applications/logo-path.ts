import { createHash } from 'node:crypto'

const HASH_LENGTH = 16

/** Path of an application's logo on our origin. It changes with the logo, so it may be cached. */
export function logoPathOf(application: { tenantId: string; appId: string; logo: Buffer | null }): string | undefined {
  const { tenantId, appId, logo } = application
  if (!logo) return undefined
  const version = createHash('sha256').update(logo).digest('hex').slice(0, HASH_LENGTH)
  return `/assets/app-logos/${tenantId}/${appId}/${version}`
}
