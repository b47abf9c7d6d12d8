import type { ReadContext } from '../graph/odata/resource.js'
import { refusals } from './errors.js'
import { mayReadFlows } from './rules.js'

/** @throws Refusal for people who administer nothing of flows. */
export async function mustRead({ caller }: Pick<ReadContext, 'caller'>): Promise<undefined> {
  if (!mayReadFlows(caller)) throw refusals.roleMissing('External ID User Flow Administrator')
}
