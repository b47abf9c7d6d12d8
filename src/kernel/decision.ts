import type { Refusal } from './refusal.js'

/** One rule that was looked at, in the words of the person who asks "which rule said no?". */
export type Check = {
  name: string
  outcome: 'passed' | 'failed' | 'notApplicable'
  message: string
}

/** What the policies say: every check with its outcome, and the refusal of the first one that failed. */
export type Decision = {
  allowed: boolean
  checks: Check[]
  refusal?: Refusal
}

/** Throws the refusal of a decision that says no. */
export function enforce(decision: Decision): void {
  if (!decision.allowed) throw decision.refusal ?? new Error('a decision said no without a refusal')
}
