import type postgres from 'postgres'
import t from 'tap'
import { startService } from '../support/service.js'

// Seen to fail with the advisory locks taken out of `sign_in_password_begin` (src/sign-in/local-accounts/functions.sql):
// the sixth try did not see the fifth, and was looked at.
t.test(
  'a try of a password waits for those under way at the same address, and for those of the same network',
  async (t) => {
    const service = await startService(t, { workers: false })
    const { tenantId, services } = service
    const begin = (sql: postgres.ISql, folded: string, client: string) =>
      sql<{ outcome: string }[]>`select sign_in_password_begin(${tenantId}, now(), gen_random_uuid(),
      array['contoso.example'], null, ${folded}, ${client})->>'outcome' as outcome`.then(([row]) => row?.outcome)
    const race = async (title: string, first: [string, string], second: [string, string]) => {
      let isOver = false
      let late: Promise<string | undefined> | undefined
      await services.database.sql.begin(async (tx) => {
        t.equal(await begin(tx, ...first), 'counted', title)
        late = begin(services.database.sql, ...second).finally(() => {
          isOver = true
        })
        await new Promise((resolve) => setTimeout(resolve, 300))
        t.notOk(isOver, `${title}: the second waits`)
      })
      t.equal(await late, 'limited', title)
    }
    for (let turn = 0; turn < 4; turn++) await begin(services.database.sql, 'ana@partner.example', '203.0.113.1')
    await race('one address', ['ana@partner.example', '203.0.113.1'], ['ana@partner.example', '203.0.113.1'])
    for (let turn = 0; turn < 29; turn++) await begin(services.database.sql, `g${turn}@partner.example`, '203.0.113.2')
    await race('one network', ['x@partner.example', '203.0.113.2'], ['y@partner.example', '203.0.113.2'])
  },
)
