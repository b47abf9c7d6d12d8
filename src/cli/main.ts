#!/usr/bin/env node
import { EXIT } from './failure.js'
import { runCommand } from './run.js'

// `vestibule invitations list | head` closes the pipe early, and that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})

const code = await runCommand(process.argv.slice(2), {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
})
if (code !== undefined) {
  // What was written to a pipe leaves after the event loop turns; an exit before that would cut it off.
  process.stdout.write('', () => process.exit(code))
}
