import { setTimeout as wait } from 'node:timers/promises'
import type postgres from 'postgres'
import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { connect } from '../../src/platform/database.js'
import { startService, type TestService } from '../support/service.js'

const WRITERS = 16
/** At least; a busy machine takes longer until there was enough to follow. */
const RUN_MS = 4_000
const ROUNDS = 6
const TRANSACTIONS = 200

// Memberships are told by links of their own, and by what happens to both of their ends (docs/decisions/0006).
t.test('a copy of groups that follows delta while members come, leave, are deleted and restored', async (t) => {
  const service = await startService(t, { workers: false })
  const { tenantId } = service
  const people = Array.from({ length: 30 }, (_, index) => uuidv7(Date.now() + index))
  const groups = Array.from({ length: 6 }, (_, index) => uuidv7(Date.now() + 100 + index))
  for (const id of people) {
    await service.rows(`insert into users (tenant_id, id, user_principal_name, display_name, user_type,
      created_date_time) values ('${tenantId}', '${id}', '${id}', 'somebody', 'Guest', now())`)
  }
  for (const id of groups) {
    await service.rows(`insert into groups (tenant_id, id, display_name, mail_enabled, mail_nickname, security_enabled,
      created_date_time, renewed_date_time) values ('${tenantId}', '${id}', 'a group', false, 'g', true, now(), now())`)
  }
  const writers = connect(service.connection, WRITERS)
  t.teardown(() => writers.end())
  const end = Date.now() + RUN_MS
  const tally = { done: 0, isOver: false }
  const working = Promise.all(Array.from({ length: WRITERS }, () => write(writers, tenantId, people, groups, tally)))

  const copies = [follower(service, 2), follower(service, 200)]
  const isEnough = () => tally.done > TRANSACTIONS && copies.every(({ rounds }) => rounds >= ROUNDS)
  while (Date.now() < end || !isEnough()) await Promise.all(copies.map((copy) => copy.round()))
  tally.isOver = true
  await working
  for (const copy of copies) await copy.round()

  const rows = await service.rows(`select g.id, array(select m.member_id::text from group_members m
      join users u on u.tenant_id = m.tenant_id and u.id = m.member_id and u.deleted_date_time is null
      where m.group_id = g.id order by 1) as members
    from groups g where g.deleted_date_time is null order by g.id`)
  const table = rows.map(({ id, members }) => [id, members])
  for (const copy of copies) {
    const copied = [...copy.groups].sort(([a], [b]) => a.localeCompare(b))
    t.strictSame(
      copied.map(([id, members]) => [id, [...members].sort()]),
      table,
      `after ${copy.rounds} rounds and ${tally.done} transactions`,
    )
  }
})

async function write(
  sql: postgres.Sql,
  tenantId: string,
  people: string[],
  groups: string[],
  tally: { done: number; isOver: boolean },
): Promise<void> {
  const any = (ids: string[]) => ids[Math.floor(Math.random() * ids.length)] ?? ''
  while (!tally.isOver) {
    await sql
      .begin(async (tx) => {
        await tx`select set_config('vestibule.tenant', ${tenantId}, true)`
        const [user, group, chance] = [any(people), any(groups), Math.random()]
        if (chance < 0.5) {
          // As whoever adds a member does.
          await tx`select 1 from groups where id = ${group} for share`
          await tx`select 1 from users where id = ${user} for share`
          await tx`insert into group_members (tenant_id, group_id, member_type, member_id)
            values (${tenantId}, ${group}, 'user', ${user}) on conflict do nothing`
        } else if (chance < 0.85) {
          await tx`delete from group_members where group_id = ${group} and member_id = ${user}`
        } else if (chance < 0.95) {
          await tx`update users set deleted_date_time = case when deleted_date_time is null then now() end where id = ${user}`
        } else {
          await tx`update groups set deleted_date_time = case when deleted_date_time is null then now() end where id = ${group}`
        }
        await wait(Math.random() < 0.05 ? 600 : Math.random() * 10)
        if (Math.random() < 0.1) throw new Error('rolled back')
      })
      .catch((error: Error & { code?: string }) => {
        // Two that meet on several memberships: the service answers 503 and the client comes again.
        if (error.message !== 'rolled back' && error.code !== '40P01') throw error
      })
    tally.done += 1
    await wait(Math.random() * 10)
  }
}

/** A client that keeps who is in which group, with pages of `size`. */
function follower(service: TestService, size: number) {
  let link = '/groups/delta?$select=displayName,members'
  const self = {
    groups: new Map<string, Set<string>>(),
    rounds: 0,
    async round() {
      for (;;) {
        const headers = { prefer: `odata.maxpagesize=${size}` }
        const { body, status, text } = await service.api('GET', link, undefined, { headers })
        if (status !== 200) throw new Error(text)
        for (const item of body.value) take(item)
        link = (body['@odata.nextLink'] ?? body['@odata.deltaLink']).replace(/^.*\/v1\.0/, '')
        if (body['@odata.deltaLink']) break
      }
      self.rounds += 1
    },
  }
  const take = (item: any) => {
    if (item['@removed']) {
      self.groups.delete(item.id)
      return
    }
    const members = self.groups.get(item.id) ?? new Set()
    self.groups.set(item.id, members)
    for (const member of item['members@delta'] ?? []) {
      if (member['@removed']) members.delete(member.id)
      else members.add(member.id)
    }
  }
  return self
}
