import { createSigningKeys } from '../provider/index.js'
import { EXIT } from './failure.js'
import { findTenant, localKeys, localNotes, OPERATOR, tenantOption, withLocal } from './local.js'
import { facts, json } from './text.js'
import { defineVerb } from './verb.js'

export default defineVerb({
  synopsis: 'keys rotate [--tenant TENANT] [options]',
  about: `Signs the tokens of an organization with a new key from now on. Running processes follow within a second. The old
key stays published until the last token it signed has expired.`,
  options: {
    ...tenantOption,
    'distrust-old': { type: 'boolean', help: 'The old key leaked: refuse at once whatever it signed.' },
    json: { type: 'boolean', help: 'Print {tenantId, keyId} as JSON; errors too.' },
  },
  notes: localNotes,
  examples: ['keys rotate --tenant contoso.com'],
  async run({ values }, io) {
    const distrustOld = values['distrust-old']
    const made = await withLocal(
      io,
      async (local) => {
        const { id: tenantId } = await findTenant(local, values.tenant)
        const listener = { on: () => {}, isUp: () => false, close: async () => {} }
        const needs = { database: local.database, keys: await localKeys(local), clock: local.clock, listener }
        return { tenantId, keyId: await createSigningKeys(needs).rotate(tenantId, { by: OPERATOR, distrustOld }) }
      },
      { needsSecret: true },
    )
    const rows = [
      ['tenant', made.tenantId],
      ['key', made.keyId],
      ['old key', distrustOld ? 'refused from now on' : 'accepted for another hour'],
    ] as const
    io.out(values.json ? json(made) : `Rotated\n${facts(rows)}`)
    return EXIT.done
  },
})
