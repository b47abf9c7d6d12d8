import { createContext, Script } from 'node:vm'

/** Milliseconds for one match. An honest pattern takes none to speak of; one that backtracks for ever holds up everybody. */
const MOST_MS = 50

const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
const script = new Script('new RegExp(pattern, "u").test(text)')

/**
 * Whether an administrator's pattern matches the whole of a short text. One that is no pattern, or takes too long, matches
 * nothing. Runs under a time limit, since patterns are written by one organization and matched for all of them.
 */
export function matches(pattern: string, text: string): boolean {
  context['pattern'] = `^(?:${pattern})$`
  context['text'] = text
  try {
    return script.runInContext(context, { timeout: MOST_MS }) === true
  } catch {
    return false
  }
}
