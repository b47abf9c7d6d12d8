import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, loadConfig } from '../platform/config.js'
import type { Connection } from '../platform/database.js'
import { checkDataDirectory, checkSecret } from './checks/data-directory.js'
import { checkDatabase } from './checks/database.js'
import { type Finding, fail, ok, reasonOf, warn } from './checks/finding.js'
import { checkMail, checkPublicUrl, checkRedis, checkTexts } from './checks/surroundings.js'
import { EXIT } from './failure.js'
import { withEmbedded } from './local.js'
import { json, printable } from './text.js'
import { defineVerb, type Io } from './verb.js'

export default defineVerb({
  synopsis: 'doctor [--json]',
  about:
    'Checks settings, database, Redis, mail, text messages, public URL, clock, secret and files, and says how to mend what is wrong. Changes nothing. Run it with the environment of the service.',
  options: { json: { type: 'boolean', help: 'Print {healthy, findings} as JSON.' } },
  async run({ values }, io) {
    const findings: Finding[] = []
    for await (const found of examine(io)) {
      findings.push(...found)
      if (!values.json) io.out(found.map(line).join(''))
    }
    const healthy = findings.every(({ outcome }) => outcome !== 'fail')
    if (values.json) io.out(json({ healthy, findings }))
    return healthy ? EXIT.done : EXIT.failed
  },
})

/** One check after the other, told as each ends. */
async function* examine(io: Io): AsyncGenerator<Finding[]> {
  let config: Config
  try {
    const loaded = loadConfig(io.env)
    config = loaded.config
    const mend = 'Correct or remove the name.'
    yield [ok('settings', 'All can be used'), ...loaded.warnings.map((text) => warn('settings', text, mend))]
  } catch (error) {
    const [, ...problems] = (error instanceof Error ? error.message : String(error)).split('\n')
    yield problems.map((problem) => {
      const [name = '', ...rule] = problem.trim().split(': ')
      return fail('settings', `${name} cannot be used`, `${name}: ${rule.join(': ')}`)
    })
    return
  }
  yield await checkDataDirectory(config)
  const { secret, findings } = await checkSecret(config)
  yield findings
  yield await withDatabase(config, io, (connection) => checkDatabase(config, connection, secret))
  yield await checkRedis(config)
  yield await checkMail(config)
  yield await checkTexts(config)
  yield await checkPublicUrl(config)
}

async function withDatabase(
  config: Config,
  io: Io,
  check: (connection: Connection) => Promise<Finding[]>,
): Promise<Finding[]> {
  if (config.database !== undefined) return check(config.database)
  const isThere = await access(join(config.dataDir, 'postgres')).then(
    () => true,
    () => false,
  )
  if (!isThere) return [ok('database', 'The first start makes one in the data directory')]
  try {
    return await withEmbedded(config, io, check)
  } catch (error) {
    return [fail('database', reasonOf(error), 'Start the service and look at what it says (vestibule serve).')]
  }
}

function line({ check, outcome, message, mend }: Finding): string {
  const first = `${outcome.padEnd(4)}  ${check.padEnd(14)}  ${printable(message)}\n`
  return mend === undefined ? first : `${first}${' '.repeat(22)}${printable(mend)}\n`
}
