import { isGuid } from '../kernel/ids.js'
import { isOneOf, type Keys } from '../platform/crypto.js'

/** What a link is for: one guest, one sponsor, one end. With another end it is another link. */
export type Extension = { tenantId: string; guestId: string; sponsorId: string; end: Date }

/** The address of the page where a sponsor extends a guest's access. It opens the page, and proves nobody. */
export function extensionUrl(origin: string, keys: Keys, extension: Extension): string {
  const { tenantId, guestId, sponsorId } = extension
  const key = keys.mac('extension-ticket', ...partsOf(extension)).toString('base64url')
  return `${origin}/access/extend?tenant=${tenantId}&guest=${guestId}&sponsor=${sponsorId}&key=${key}`
}

/** Whether `key` was made for this extension. */
export function isExtensionKey(keys: Keys, extension: Extension, key: string): boolean {
  if (!isGuid(extension.guestId) || !isGuid(extension.sponsorId)) return false
  return isOneOf(Buffer.from(key, 'base64url'), keys.macs('extension-ticket', ...partsOf(extension)))
}

function partsOf({ tenantId, guestId, sponsorId, end }: Extension): string[] {
  return [tenantId, guestId, sponsorId, end.toISOString()]
}
