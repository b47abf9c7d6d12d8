import type { ReadContext } from '../../graph/odata/resource.js'
import { refusals } from '../errors.js'
import { mustRead } from '../must-read.js'
import { findFlow } from './store.js'
import type { UserFlowRow } from './tables.js'

/** The flow that a path is about. @throws Refusal: not there, or not this caller's to read */
export async function flowIn(context: ReadContext, name: string): Promise<UserFlowRow> {
  await mustRead(context)
  const flow = await findFlow(context.scope, name)
  if (!flow) throw refusals.notFound(name)
  return flow
}

/** What `@odata.context` calls what hangs on a flow. */
export function partOf({ name }: Pick<UserFlowRow, 'name'>, part: string): string {
  return `identity/b2xUserFlows('${name}')/${part}`
}
