import { wrongUsage } from './failure.js'
import { settingsTable } from './settings-table.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'worker',
  about:
    'Runs only the background work (mail, expiry) until SIGTERM or SIGINT: serve with VESTIBULE_ROLES=worker. Any number may run.',
  options: {},
  notes: settingsTable(),
  async run(_given, io) {
    if (!io.env['DATABASE_URL']?.trim()) {
      throw wrongUsage('worker needs DATABASE_URL: a local instance does its background work by itself.')
    }
    // Loaded here, so that the help does not load the whole service.
    const { serve } = await import('../serve.js')
    await serve({ ...io.env, VESTIBULE_ROLES: 'worker' })
    return undefined
  },
})
