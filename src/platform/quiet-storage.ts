import type { AsyncLocalStorage } from 'node:async_hooks'

type Storage = Pick<AsyncLocalStorage<unknown>, 'disable'>

const underWay = new WeakMap<Storage, number>()

/**
 * Runs `work`, which may use `storage`, and switches the storage off when no other such work is under way. On Node 20 a
 * storage that was used once makes every promise of the process dearer for good, by about a tenth of a request.
 */
export async function quietly<Result>(storage: Storage, work: () => Promise<Result>): Promise<Result> {
  underWay.set(storage, (underWay.get(storage) ?? 0) + 1)
  try {
    return await work()
  } finally {
    const others = (underWay.get(storage) ?? 1) - 1
    underWay.set(storage, others)
    if (others === 0) storage.disable()
  }
}
