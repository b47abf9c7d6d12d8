import { createHash } from 'node:crypto'
import type { Egress } from '../../platform/egress/egress.js'
import type { Logger } from '../../platform/log.js'
import { type Leaks, normalizedPassword } from './rules.js'

type Needs = { egress: Egress; log: Pick<Logger, 'warn'>; config: { breachedPasswordsUrl: string | undefined } }

/** Letters of the hash that leave: hundreds of leaked passwords begin with the same. */
const SHOWN = 5
const TIMEOUT_MS = 2_000
/** Padded answers have about a thousand lines of 40 letters. */
const MOST_BYTES = 262_144

/**
 * Looks a password up among leaked ones by k-anonymity (the range API of Pwned Passwords): five letters of its SHA-1
 * leave and nothing else; answers are padded, so that their size tells nothing. `unknown` when no list is configured
 * (`VESTIBULE_BREACHED_PASSWORDS_URL`) or it does not answer: nobody waits longer than two seconds for it.
 */
export async function askForLeaks({ egress, log, config }: Needs, password: string): Promise<Leaks> {
  const { breachedPasswordsUrl: url } = config
  if (url === undefined) return 'unknown'
  const hash = createHash('sha1').update(normalizedPassword(password)).digest('hex').toUpperCase()
  try {
    const answer = await egress.get(`${url.replace(/\/$/, '')}/${hash.slice(0, SHOWN)}`, {
      headers: { 'add-padding': 'true' },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
    })
    if (answer.status !== 200) throw new Error(`the list of leaked passwords answered ${answer.status}`)
    return isListed(answer.body, hash.slice(SHOWN)) ? 'found' : 'notFound'
  } catch (error) {
    log.warn({ err: error }, 'leaked passwords could not be asked for; length decides')
    return 'unknown'
  }
}

/** Lines are the rest of a hash and how often it was seen; those of padding were never seen. */
function isListed(lines: string, rest: string): boolean {
  return lines.split('\n').some((line) => {
    const [suffix, count] = line.trim().split(':')
    return suffix?.toUpperCase() === rest && Number(count) > 0
  })
}
