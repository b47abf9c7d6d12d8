import { type ChildProcess, fork, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** Undone in reverse order when the run ends, however it ends. */
const undo: (() => Promise<void>)[] = []
const alive = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)))
}

/** Registers what has to be undone at the end of the run. */
export function atEnd(step: () => Promise<void>): void {
  undo.push(step)
}

/** Stops and removes everything that was started; what fails to stop is killed when this process ends. */
export async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => console.error(error))
}

/** Remembers a child so that it never outlives this process. */
export function watch(child: ChildProcess): ChildProcess {
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  return child
}

/** Asks a child to end and kills it when it has not after `withinMs`. */
export async function stop(child: ChildProcess, withinMs = 12_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
  await gone
  clearTimeout(timer)
}

/** Runs a program to its end and answers with what it wrote. @throws with its messages when it fails. */
export async function output(command: string, args: string[]): Promise<string> {
  const child = watch(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }))
  let text = ''
  let complaints = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  child.stderr?.on('data', (chunk) => (complaints += chunk))
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${complaints.slice(-2_000)}`)
  return text
}

/** A TCP port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Hands an order to a module in a process of its own and resolves with its result; `end` asks it to come to an end. */
export function startWorker<Result>(module: URL, order: object): { result: Promise<Result>; end(): void } {
  const child = watch(
    fork(fileURLToPath(module), { execArgv: ['--import', 'tsx'], stdio: 'inherit', serialization: 'advanced' }),
  )
  const result = new Promise<Result>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Result))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${module.pathname} ended with ${code}`)))
  })
  child.send(order)
  return { result, end: () => child.connected && child.send('end') }
}

/** The same, for work that ends by itself. */
export function runWorker<Result>(module: URL, order: object): Promise<Result> {
  return startWorker<Result>(module, order).result
}
