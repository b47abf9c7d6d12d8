import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createLogger } from '../../src/platform/log.js'
import { createStatistics } from '../../src/platform/statistics.js'
import { startService } from '../support/service.js'

t.test('the planner hears of tables that have grown, and is not told of empty ones', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  await service.invite('ana@partner.example')
  const lines: string[] = []
  const statistics = createStatistics(sql, createLogger('warn', { write: (line) => lines.push(line) }))
  // -1 says that nobody ever counted.
  const counted = async () =>
    Object.fromEntries(
      (
        await sql<{ name: string; rows: number }[]>`
          select relname as name, reltuples as rows from pg_class where relname in ('invitations', 'mail_blocks')`
      ).map(({ name, rows }) => [name, rows]),
    )
  t.strictSame(await counted(), { invitations: -1, mail_blocks: -1 })

  statistics.wrote(1_000)
  const until = Date.now() + 10_000
  while ((await counted())['invitations'] === -1 && lines.length === 0 && Date.now() < until) await sleep(20)
  t.strictSame(lines, [])
  t.strictSame(await counted(), { invitations: 1, mail_blocks: -1 })
})
