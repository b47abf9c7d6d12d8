import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Mends the PostgreSQL driver where it is installed. postgres.js 3.4.9 writes to a connection that the server has cut: an
 * exception that nobody can catch and that ends the process, or a connection that never sends again
 * (github.com/porsager/postgres, issues 1154 and 1208). Each failover would end every replica. Run by `npm ci` and the
 * Dockerfile; to be deleted with the release that mends it.
 */
const VERSION = '3.4.9'

const MENDS = [
  {
    was: '    const x = socket.write(chunk, fn)\n',
    is: `    if (socket === null) {
      clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options))
      return false
    }
    const x = socket.write(chunk, fn)
`,
  },
  {
    was: '    clearImmediate(nextWriteTimer)\n    socket.removeListener',
    is: '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener',
  },
]

const folder = join(dirname(fileURLToPath(import.meta.resolve('postgres'))), '..')
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
if (version !== VERSION) fail(`it is ${version}`)
const file = join(folder, 'src/connection.js')
let source = readFileSync(file, 'utf8')
for (const { was, is } of MENDS) {
  if (source.includes(is)) continue
  if (source.split(was).length !== 2) fail('its source is not as expected')
  source = source.replace(was, is)
}
writeFileSync(file, source)

/** @param {string} why */
function fail(why) {
  console.error(
    `postgres ${VERSION} is mended on installation, and cannot be: ${why}. See src/platform/mend-postgres.js.`,
  )
  process.exit(1)
}
