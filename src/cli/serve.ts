import { settingsTable } from './settings-table.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'serve',
  about:
    'Runs the service until SIGTERM or SIGINT. The environment has its settings; unset ones make a local instance.',
  options: {},
  notes: settingsTable(),
  async run(_given, io) {
    // Loaded here, so that the help does not load the whole service.
    const { serve } = await import('../serve.js')
    await serve(io.env)
    return undefined
  },
})
