import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'

/** A process of its own that uses an embedded database until it is told to stop: `<data dir> <server|tool>`. */
const [dataDir = '', use] = process.argv.slice(2)
const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
const log = {
  info: () => {},
  warn: (...words: unknown[]) => tell({ warned: words }),
  error: (...words: unknown[]) => tell({ warned: words }),
}

try {
  const database = await startEmbeddedPostgres({ dataDir, log, as: use === 'tool' ? 'tool' : 'server' })
  tell({ up: database.connection })
  process.once('SIGTERM', async () => {
    await database.stop()
    process.exit(0)
  })
} catch (error) {
  tell({ failed: error instanceof Error ? error.message : String(error) })
  process.exit(1)
}
