import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { runCommand } from '../../src/cli/run.js'
import { programOf } from '../support/program.js'

export type Outcome = { code: number | null | undefined; out: string; err: string }

const root = join(import.meta.dirname, '../..')
const HOME = '/nonexistent'

/** Starts `vestibule` as a process, as a person would, with nothing in its environment but what is given. */
export function startCommand(args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [...programOf('src/cli/main.ts'), ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** What a started process printed and how it ended. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const texts = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    texts.out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    texts.err += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...texts })))
}

/** The same command without the process around it, which takes longer to start than most take to run. */
export async function command(
  args: readonly string[],
  env: Record<string, string>,
  isTerminal = false,
): Promise<Outcome> {
  const texts = { out: '', err: '' }
  const code = await runCommand(args, {
    env: { HOME, ...env },
    out: (text) => {
      texts.out += text
    },
    err: (text) => {
      texts.err += text
    },
    isTerminal,
  })
  return { code, ...texts }
}
