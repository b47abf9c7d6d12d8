import { startWorker } from './processes.js'

export type LoadOrder = {
  /** Of the service's processes; connections are spread over them. */
  ports: number[]
  token: string
  connections: number
  /** Number of the first address. */
  first: number
  /** Every how many invitations ask for a mail; 0 is none. */
  mailEvery: number
  /** Ends after this many seconds, after `most` invitations, or when told to. */
  seconds?: number
  most?: number
  keepLinks?: boolean
}

export type LoadResult = {
  seconds: number
  count: number
  milliseconds: number[]
  links: string[]
  /** Of the load generator itself, start included. */
  processorSeconds: number
}

let addresses = 0

/** Creates invitations from a process of its own and resolves when it is done. */
export function load(order: Omit<LoadOrder, 'first'>): Promise<LoadResult> {
  return startLoad(order).result
}

/** The same, to be ended by `end`. */
export function startLoad(order: Omit<LoadOrder, 'first'>): { result: Promise<LoadResult>; end(): void } {
  const first = addresses
  // Far enough apart that no two loads of a run share an address.
  addresses += 10_000_000
  return startWorker<LoadResult>(new URL('load-worker.ts', import.meta.url), { ...order, first })
}
