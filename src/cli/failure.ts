/** What the process ends with; scripts compare these. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  timedOut: 4,
  ended: 5,
} as const

/** The part of an error that `--json` prints: Graph's `error` object, or just these two of a failure of our own. */
export type ErrorBody = { code: string; message: string }

/** Ends the command with a sentence on standard error and an exit code. */
export class CommandFailure extends Error {
  readonly exitCode: number
  readonly body: ErrorBody

  constructor(message: string, options: { exitCode?: number; code?: string; body?: ErrorBody; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'CommandFailure'
    this.exitCode = options.exitCode ?? EXIT.failed
    this.body = options.body ?? { code: options.code ?? 'failed', message }
  }
}

/** The command was not understood, or lacks something only the caller can give. */
export function wrongUsage(message: string): CommandFailure {
  return new CommandFailure(message, { exitCode: EXIT.usage, code: 'wrongUsage' })
}
