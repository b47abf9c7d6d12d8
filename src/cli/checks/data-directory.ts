import { access, constants, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../platform/config.js'
import { type Finding, fail, ok, warn } from './finding.js'

const LEAST_SECRET_LENGTH = 32
/** Fewer different characters in a secret are the mark of a person at a keyboard. */
const LEAST_VARIETY = 12

/** Whether the directory of a local instance can be used, and by its owner only. */
export async function checkDataDirectory({ dataDir, embedded }: Config): Promise<Finding[]> {
  if (!embedded) return []
  const check = 'data directory'
  const facts = await stat(dataDir).catch(() => undefined)
  if (!facts) return [ok(check, `${dataDir} will be made by the first start`)]
  const isUsable = await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => facts.isDirectory(),
    () => false,
  )
  if (!isUsable) {
    const mend = 'Run as the user that owns it, or give another VESTIBULE_DATA_DIR.'
    return [fail(check, `${dataDir} cannot be written by user ${process.getuid?.() ?? ''}`, mend)]
  }
  const findings = await Promise.all(['.', 'secret', 'bootstrap.json'].map((name) => openToOthers(dataDir, name)))
  const open = findings.filter((finding) => finding !== undefined)
  return open.length > 0 ? open : [ok(check, `${dataDir}, for its owner only`)]
}

async function openToOthers(dataDir: string, name: string): Promise<Finding | undefined> {
  const path = join(dataDir, name)
  const facts = await stat(path).catch(() => undefined)
  if (!facts || process.platform === 'win32' || (facts.mode & 0o077) === 0) return undefined
  const mend = `chmod ${facts.isDirectory() ? '700' : '600'} ${path}`
  const message = `${path} is open to other users (mode ${(facts.mode & 0o777).toString(8)})`
  // The directory keeps others out of what is in it, but a secret on its own must not depend on that.
  return name === '.' ? warn('data directory', message, mend) : fail('data directory', message, mend)
}

/** Finds the secret without making one. */
export async function checkSecret(config: Config): Promise<{ secret: string | undefined; findings: Finding[] }> {
  const check = 'secret'
  const where = config.secret === undefined ? join(config.dataDir, 'secret') : 'VESTIBULE_SECRET'
  const secret = config.secret ?? (await readFile(where, 'utf8').catch(() => ''))?.trim()
  if (secret === '') return { secret: undefined, findings: [ok(check, `The first start makes one in ${where}`)] }
  if (secret.length < LEAST_SECRET_LENGTH) {
    const message = `${where} has ${secret.length} characters; it takes ${LEAST_SECRET_LENGTH}`
    const mend = 'Put the original one back; a new one opens nothing that was sealed with it.'
    return { secret: undefined, findings: [fail(check, message, mend)] }
  }
  const isGuessable = new Set(secret).size < LEAST_VARIETY
  const finding = isGuessable
    ? warn(check, `${where} looks made up by a person`, 'Before going live set a random one: openssl rand -base64 32')
    : ok(check, `${where}, ${secret.length} characters`)
  return { secret, findings: [finding] }
}
