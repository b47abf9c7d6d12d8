import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Mends the PostgreSQL driver where it is installed. postgres.js 3.4.9 does not cope with a server that cuts its
 * connections (github.com/porsager/postgres, issues 1154 and 1208, pull requests 1155 and 1209): an exception that
 * nobody can catch ends the process, calls never get an answer, and a transaction goes on in somebody else's. Each
 * failover would end every replica. And it takes turns through all idle connections, so that each statement meets a
 * server process whose memory went cold: an invitation on an idle service took 1.6 times as long. Run by `npm ci` and the
 * Dockerfile; to be deleted with the release that mends it. What happens without each mend:
 * test/faults/connections-cut.test.ts, test/platform/database.test.ts.
 */
const VERSION = '3.4.9'

const MENDS = [
  {
    // Refused instead of written to nothing later on, where nobody can catch it.
    file: 'src/connection.js',
    was: `    if (terminated)
      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options))
`,
    is: `    if (terminated || socket === null)
      return queryError(q, Errors.connection('CONNECTION_DESTROYED', options)), true
`,
  },
  {
    // Else the next connection waits for a write that was called off.
    file: 'src/connection.js',
    was: '    clearImmediate(nextWriteTimer)\n    socket.removeListener',
    is: '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener',
  },
  {
    // Everything sent gets an answer, also what was sent after the socket's error, and nothing of it is left for the
    // next connection: neither its error nor its rows.
    file: 'src/connection.js',
    was: `    if (initial)
      return reconnect()

    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))
`,
    is: `    if (initial && options.host[1])
      return reconnect()

    const gone = Errors.connection('CONNECTION_CLOSED', options)
    errored(gone)
    while (sent.length)
      queryError(sent.shift(), gone)
    query = results = errorResponse = null
    result = new Result()
    rows = 0
`,
  },
  {
    // A statement whose parameters cannot be sent leaves the queue, else everybody behind it gets his neighbour's rows.
    file: 'src/connection.js',
    was: `      sent.length === 0 && write(Sync)
      errored(error)
`,
    is: `      sent.remove(q) ? queryError(q, error) : (write(Sync), errored(error))
`,
  },
  {
    // A transaction ends with its connection, which may be somebody else's by now.
    file: 'src/index.js',
    was: '        new Promise((_, reject) => connection.onclose = reject)\n',
    is: `        new Promise((_, reject) => connection.onclose = error => {
          gone = error
          while (queries.length)
            queries.shift().reject(gone)
          reject(gone)
        })
`,
  },
  {
    file: 'src/index.js',
    was: '      , prepare = null\n',
    is: '      , prepare = null\n      , gone = null\n',
  },
  {
    file: 'src/index.js',
    was: '        q.catch(e => uncaughtError || (uncaughtError = e))\n',
    is: `        q.catch(e => uncaughtError || (uncaughtError = e))
        if (gone)
          return q.reject(gone)

`,
  },
  {
    file: 'src/queue.js',
    was: '    push: (x) => (xs.push(x), x),\n',
    is: `    push: (x) => (xs.push(x), x),
    pop: () => {
      const out = xs.pop()
      index === xs.length && (index = 0, xs = [])
      return out
    },
`,
  },
  // The connection that was used last is used next; and what nobody needs for a while goes (`idle_timeout`).
  { file: 'src/index.js', was: 'go(open.shift(), query)', is: 'go(open.pop(), query)' },
  { file: 'src/index.js', was: '? open.shift()\n', is: '? open.pop()\n' },
]

const folder = join(dirname(fileURLToPath(import.meta.resolve('postgres'))), '..')
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
if (version !== VERSION) fail(`it is ${version}`)
for (const name of new Set(MENDS.map(({ file }) => file))) {
  const file = join(folder, name)
  const source = readFileSync(file, 'utf8')
  const mended = MENDS.filter((mend) => mend.file === name).reduce((text, { was, is }) => {
    if (text.includes(is)) return text
    if (text.split(was).length !== 2) fail(`${name} is not as expected`)
    return text.replace(was, () => is)
  }, source)
  if (mended === source) continue
  // Renamed over it: package managers link the files of many installations to one copy.
  writeFileSync(`${file}.mended`, mended)
  renameSync(`${file}.mended`, file)
}

/** @param {string} why */
function fail(why) {
  console.error(
    `postgres ${VERSION} is mended on installation, and cannot be: ${why}. See src/platform/mend-postgres.js.`,
  )
  process.exit(1)
}
