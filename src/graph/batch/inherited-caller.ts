import { AsyncLocalStorage } from 'node:async_hooks'
import { quietly } from '../../platform/quiet-storage.js'
import type { Caller } from '../caller.js'

const outer = new AsyncLocalStorage<Caller>()

/** Runs `work` so that the requests it makes inside this process are those of `caller`. */
export function asCaller<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result> {
  return quietly(outer, () => outer.run(caller, work))
}

/**
 * The caller of the batch this request is an item of. Nothing in a request can set it: only a request that was made
 * inside `asCaller` has one.
 */
export function inheritedCaller(): Caller | undefined {
  return outer.getStore()
}
