import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'

t.test('the planner hears of tables that have grown, and is not told of empty ones', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  // Of somebody else who uses the same schema.
  await sql`create table "Other-Table" as select 1 as one`
  const { invitedUser } = await service.invite('ana@partner.example')
  // -1 says that nobody ever counted.
  const counted = async () =>
    Object.fromEntries(
      (
        await sql<{ name: string; rows: number }[]>`
          select relname as name, reltuples as rows from pg_class where relname in ('invitations', 'mail_blocks')`
      ).map(({ name, rows }) => [name, rows]),
    )
  t.strictSame(await counted(), { invitations: -1, mail_blocks: -1 })

  for (let turn = 0; turn < 100; turn++) await service.api('GET', `/users/${invitedUser.id}`)
  await sleep(200)
  t.strictSame(await counted(), { invitations: -1, mail_blocks: -1 }, 'reading makes nothing larger')

  for (let turn = 0; turn < 100; turn++) {
    const { status } = await service.api('PATCH', `/users/${invitedUser.id}`, { city: `City ${turn}` })
    if (status !== 204) throw new Error(`${status}`)
  }
  await until(async () => (await counted())['invitations'] !== -1, 'the planner was told')
  t.strictSame(await counted(), { invitations: 1, mail_blocks: -1 })
})
