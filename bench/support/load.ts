import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { watch } from './processes.js'

export type LoadOrder = {
  port: number
  token: string
  connections: number
  /** Number of the first address. */
  first: number
  /** Ask for a mail with each invitation. */
  send: boolean
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
  const child: ChildProcess = watch(
    fork(join(import.meta.dirname, 'load-worker.ts'), {
      execArgv: ['--import', 'tsx'],
      stdio: 'inherit',
      serialization: 'advanced',
    }),
  )
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LoadResult))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)))
  })
  child.send({ ...order, first: addresses })
  // Far enough apart that no two loads of a run share an address.
  addresses += 10_000_000
  return { result, end: () => child.connected && child.send('end') }
}
