import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearestName } from '../graph/nearest.js'
import { Refusal } from '../kernel/refusal.js'
import { packageRoot } from '../platform/package-root.js'
import { CATALOGUE, findVerb, overview } from './catalogue.js'
import { CommandFailure, EXIT, wrongUsage } from './failure.js'
import { json, printable } from './text.js'
import type { Io } from './verb.js'

/**
 * Runs the verb that `args` name and reports what goes wrong: a sentence on standard error and, with `--json`, an
 * object on standard output. The exit code, or undefined when the process goes on.
 */
export async function runCommand(args: readonly string[], io: Io): Promise<number | undefined> {
  try {
    return await dispatch(args, io)
  } catch (error) {
    return report(error, args, io)
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number | undefined> {
  const [first, ...others] = args
  if (first === '--version') {
    io.out(`${version()}\n`)
    return EXIT.done
  }
  const asksForHelp = first === undefined || first === 'help' || args.includes('--help') || args.includes('-h')
  const found = findVerb(first === 'help' ? others : args)
  if (asksForHelp) {
    io.out(found ? (await found.load()).help : overview())
    return first === undefined ? EXIT.usage : EXIT.done
  }
  if (!found) throw wrongUsage(unknownVerb(args))
  return (await found.load()).run(found.rest, io)
}

function unknownVerb(args: readonly string[]): string {
  const [first = ''] = args
  const below = Object.keys(CATALOGUE).filter((name) => name.startsWith(`${first} `))
  if (below.length > 0) return `Which one: ${below.map((name) => `vestibule ${name}`).join(', ')}?`
  const near =
    nearestName(args.slice(0, 2).join(' '), Object.keys(CATALOGUE)) ?? nearestName(first, Object.keys(CATALOGUE))
  return `There is no verb '${printable(first)}'.${near ? ` Did you mean ${near}?` : ''} See vestibule --help.`
}

function version(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version
}

function report(error: unknown, args: readonly string[], io: Io): number {
  const failure = error instanceof CommandFailure ? error : undefined
  const message = failure?.message ?? reasonOf(error)
  io.err(`${failure ? message : `vestibule: ${message}`}\n`)
  if (args.includes('--json')) io.out(json({ error: failure?.body ?? { code: codeOf(error), message } }))
  return failure?.exitCode ?? EXIT.failed
}

/** A failed statement is told by what the database said of it, not by its text. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isQuery = error.message.startsWith('Failed query') && error.cause !== undefined
  return isQuery ? reasonOf(error.cause) : error.message
}

function codeOf(error: unknown): string {
  return error instanceof Refusal ? error.code : 'failed'
}
