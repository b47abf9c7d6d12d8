import { setTimeout as wait } from 'node:timers/promises'
import type postgres from 'postgres'
import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { connect } from '../../src/platform/database.js'
import { startService, type TestService } from '../support/service.js'

const WRITERS = 32
/** At least; a busy machine takes longer until there was enough to follow. */
const RUN_MS = 6_000
const ROUNDS = 6
const TRANSACTIONS = 500
const ITEMS = 100
/** Transactions that stay open while dozens of rounds go by. */
const SLOW_MS = 1_500

type Copy = Map<string, { displayName: string; department: string | undefined }>

/** Most writes of one user raise this number, so that a copy can tell an older state from a newer one. */
const versionOf = (item: { department?: string | undefined } | undefined) => Number(item?.department ?? 0)

// The promise of docs/decisions/0006: whoever commits when, following the links gives the table.
t.test('a copy that follows delta while 32 writers work', async (t) => {
  const service = await startService(t, { workers: false })
  const other = await service.otherTenant('fabrikam.example')
  const writers = connect(service.connection, WRITERS)
  t.teardown(() => writers.end())
  const ids = Array.from({ length: 300 }, (_, index) => uuidv7(Date.now() + index))
  const end = Date.now() + RUN_MS
  const tally = { done: 0, isOver: false }
  const working = Promise.all(
    Array.from({ length: WRITERS }, (_, index) =>
      // One in eight writes to another organization, whose transactions share the numbers.
      write(writers, index % 8 === 7 ? other.tenantId : service.tenantId, ids, tally),
    ),
  )

  const copies = [follower(service, 3), follower(service, 50, 'return=minimal')]
  const isEnough = () =>
    tally.done > TRANSACTIONS && copies.every(({ rounds, told }) => rounds >= ROUNDS && told > ITEMS)
  while (Date.now() < end || !isEnough()) await Promise.all(copies.map((copy) => copy.round()))
  tally.isOver = true
  await working
  for (const copy of copies) await copy.round()

  const rows = await service.rows('select id, display_name, department from users where deleted_date_time is null')
  const table = rows.map(({ id, display_name: name, department }) => [id, name, department ?? undefined])
  for (const copy of copies) {
    const copied = [...copy.users].map(([id, user]) => [id, user.displayName, user.department])
    t.strictSame(copied.sort(), table.sort(), 'nothing is missing, nothing is left over, nothing is old')
    t.strictSame(copy.steppedBack, [], 'no object was ever told in an older state than before')
  }
  const followed = copies.map((copy) => `${copy.rounds} rounds, ${copy.told} items`).join('; ')
  t.comment(`${tally.done} transactions, ${followed}`)
})

/** Random transactions until it is over; some roll back, some commit long after they wrote. */
async function write(
  sql: postgres.Sql,
  tenantId: string,
  ids: string[],
  tally: { done: number; isOver: boolean },
): Promise<void> {
  while (!tally.isOver) {
    await sql
      .begin(async (tx) => {
        await tx`select set_config('vestibule.tenant', ${tenantId}, true)`
        const many = Math.random() < 0.1 ? 5 : 1
        // In the order of ids, so that writers wait for each other and never in a circle.
        for (const id of sample(ids, many).sort()) await writeOne(tx, tenantId, id)
        const chance = Math.random()
        if (chance < 0.03) await wait(SLOW_MS)
        else if (chance < 0.3) await wait(Math.random() * 40)
        if (Math.random() < 0.15) throw new Error('rolled back')
      })
      .catch((error: Error) => {
        if (error.message !== 'rolled back') throw error
      })
    tally.done += 1
    await wait(Math.random() * 20)
  }
}

async function writeOne(tx: postgres.TransactionSql, tenantId: string, id: string): Promise<void> {
  const [row] = await tx`
    select deleted_date_time, department::int as version from users where tenant_id = ${tenantId} and id = ${id} for update`
  const name = `name ${Math.floor(Math.random() * 1_000_000)}`
  // Versions of one id never start again, or a user made anew would look old.
  const next = `${Math.max(Number(row?.['version'] ?? 0) + 1, Math.floor(performance.now() * 1_000))}`
  const chance = Math.random()
  if (!row) {
    await tx`insert into users (tenant_id, id, user_principal_name, display_name, user_type, department, created_date_time)
      values (${tenantId}, ${id}, ${id}, ${name}, 'Guest', ${next}, now()) on conflict do nothing`
  } else if (row['deleted_date_time']) {
    if (chance < 0.5) await tx`delete from users where tenant_id = ${tenantId} and id = ${id}`
    else
      await tx`update users set deleted_date_time = null, department = ${next} where tenant_id = ${tenantId} and id = ${id}`
  } else if (chance < 0.2) {
    await tx`update users set deleted_date_time = now(), department = ${next} where tenant_id = ${tenantId} and id = ${id}`
  } else if (chance < 0.3) {
    await tx`delete from users where tenant_id = ${tenantId} and id = ${id}`
  } else if (chance < 0.5) {
    // What is followed and what is not, each alone: the row names the last of them.
    await tx`update users set display_name = ${name} where tenant_id = ${tenantId} and id = ${id}`
  } else if (chance < 0.75) {
    await tx`update users set city = ${name} where tenant_id = ${tenantId} and id = ${id}`
  } else {
    await tx`update users set display_name = ${name}, department = ${next} where tenant_id = ${tenantId} and id = ${id}`
  }
}

function sample<T>(from: T[], count: number): T[] {
  return [...from].sort(() => Math.random() - 0.5).slice(0, count)
}

/** A client that keeps a copy, with pages of `size`. */
function follower(service: TestService, size: number, preference?: string) {
  const prefer = [`odata.maxpagesize=${size}`, preference].filter(Boolean).join(', ')
  let link = '/users/delta?$select=displayName,department'
  const newest = new Map<string, number>()
  const self = {
    users: new Map() as Copy,
    steppedBack: [] as string[],
    rounds: 0,
    told: 0,
    async round() {
      for (;;) {
        const { body, status, text } = await service.api('GET', link, undefined, { headers: { prefer } })
        if (status !== 200) throw new Error(text)
        for (const item of body.value) take(item)
        link = (body['@odata.nextLink'] ?? body['@odata.deltaLink']).replace(/^.*\/v1\.0/, '')
        if (body['@odata.deltaLink']) break
      }
      self.rounds += 1
    },
  }
  const take = (item: any) => {
    self.told += 1
    if (item['@removed']) {
      self.users.delete(item.id)
      return
    }
    const merged = { ...self.users.get(item.id), ...item }
    if (versionOf(merged) < (newest.get(item.id) ?? 0)) self.steppedBack.push(item.id)
    newest.set(item.id, versionOf(merged))
    self.users.set(item.id, { displayName: merged.displayName, department: merged.department })
  }
  return self
}
