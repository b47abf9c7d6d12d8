import { createLogger } from '../platform/log.js'
import { migrateDatabase, pendingMigrations } from '../platform/migrate.js'
import { openQueues } from '../platform/queue.js'
import { EXIT } from './failure.js'
import { localNotes, withLocal } from './local.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'migrate [--json]',
  about:
    'Brings the database up to date. The service does so itself when it starts; this is for doing it before, once. Safe to repeat and to run several times at once.',
  options: { json: { type: 'boolean', help: 'Print JSON, errors included.' } },
  notes: localNotes,
  run: ({ values }, io) =>
    withLocal(
      io,
      async ({ config, connection }) => {
        const applied = await pendingMigrations(connection)
        await migrateDatabase(connection)
        if (config.redisUrl === undefined) {
          // Without Redis the queues have tables too, which their library makes.
          const queues = await openQueues({ connection }, createLogger('silent'))
          await queues.close()
        }
        const done = applied.length === 0 ? 'The database was up to date.' : `Applied: ${applied.join(', ')}.`
        io.out(values.json ? json({ applied }) : `${done}\n`)
        return EXIT.done
      },
      { mayBeOld: true },
    ),
})
