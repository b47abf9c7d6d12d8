import { createTenantBatch } from '../../platform/tenant-batch.js'
import type { UserFlow } from '../words.js'

type Read = (tenantId: string, flowId: string) => Promise<UserFlow | undefined>

/**
 * Reads a flow once for all visitors who wait for it. Whoever asks waits for a read that begins after they asked, so a change
 * that was answered is seen; but of a hundred who come together one reads.
 */
export function readTogether(read: Read): Read {
  let asked = 0
  const batch = createTenantBatch<string, { flow: UserFlow | undefined }>({
    // Reading locks nothing, so no two keep each other from travelling together.
    lock: () => String(asked++),
    inFlight: 1,
    async run(tenantId, flowIds) {
      const names = [...new Set(flowIds)]
      const flows = new Map(await Promise.all(names.map(async (name) => [name, await read(tenantId, name)] as const)))
      return flowIds.map((name) => ({ flow: flows.get(name) }))
    },
  })
  return async (tenantId, flowId) => (await batch(tenantId, flowId)).flow
}
