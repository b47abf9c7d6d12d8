import type { Caller } from '../graph/caller.js'
import { applicationToChange } from './application-to-change.js'
import type { ChangeNeeds } from './needs.js'
import { recordChange } from './record-changes.js'
import { updateApplication } from './store.js'

const SIGNATURES = [
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ff'],
  ['image/gif', '474946383961'],
  ['image/gif', '474946383761'],
] as const

/** What an image is by its first bytes, whatever it was called. SVG is none: it can hold scripts. */
export function logoTypeOf(image: Buffer): string | undefined {
  return SIGNATURES.find(([, start]) => image.subarray(0, start.length / 2).toString('hex') === start)?.[0]
}

/** Gives an application its logo. @throws Refusal: unknown, not the caller's. */
export async function changeLogo(
  needs: Pick<ChangeNeeds, 'database' | 'clock' | 'newId'>,
  caller: Caller,
  id: string,
  { logo, mediaType }: { logo: Buffer; mediaType: string },
): Promise<void> {
  await needs.database.withTenant(caller.tenantId, async (scope) => {
    await applicationToChange(scope, caller, id)
    await updateApplication(scope, id, { logo, logoMediaType: mediaType })
    await recordChange(needs, scope, caller, 'Update application', id, { properties: ['logo'] })
  })
}
