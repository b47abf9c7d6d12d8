import type { Caller } from '../graph/caller.js'
import { refusals } from './errors.js'
import { mayReadPolicies } from './rules.js'

/** @throws Refusal for guests who read nothing of policies. */
export function mustReadPolicies(caller: Caller): void {
  if (!mayReadPolicies(caller)) throw refusals.roleMissing()
}
