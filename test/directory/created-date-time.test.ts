import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { startService } from '../support/service.js'

const MINUTE = 60_000
const advanced = { headers: { consistencylevel: 'eventual' } }

t.test('a filter by the time of creation finds whoever came then, however they came', async (t) => {
  const service = await startService(t, { workers: false })
  const found = async (filter: string): Promise<string[]> => {
    const path = `/users?$count=true&$select=id&$filter=${encodeURIComponent(filter)}`
    const { status, body, text } = await service.api('GET', path, undefined, advanced)
    if (status !== 200) throw new Error(text)
    return body.value.map(({ id }: { id: string }) => id)
  }
  const insert = async (id: string, created: Date) => {
    await service.rows(`insert into users (tenant_id, id, user_principal_name, display_name, user_type, created_date_time)
      values ('${service.tenantId}', '${id}', '${id}', 'x', 'Member', '${created.toISOString()}')`)
    return id
  }
  const now = () => service.services.clock()

  const came: { id: string; way: string }[] = [{ id: service.adminId, way: 'with the organization' }]
  service.advance(6 * MINUTE)
  came.push({ id: (await service.invite('ana@partner.example')).invitedUser.id, way: 'invited' })
  service.advance(6 * MINUTE)
  const account = {
    accountEnabled: true,
    displayName: 'Bo',
    mailNickname: 'bo',
    userPrincipalName: 'bo@contoso.example',
  }
  came.push({ id: (await service.api('POST', '/users', account)).body.id, way: 'created' })
  service.advance(6 * MINUTE)
  const at = now()
  came.push({ id: await insert(uuidv7(at.getTime() - 4 * MINUTE), at), way: 'with an id from before' })
  service.advance(6 * MINUTE)
  const later = now()
  came.push({ id: await insert(uuidv7(later.getTime() + 4 * MINUTE), later), way: 'with an id from after' })

  for (const [index, { id, way }] of came.entries()) {
    const [row] = await service.rows(`select to_char(created_date_time at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time from users where id = '${id}'`)
    const ids = came.map((each) => each.id)
    const same = (t2: string[], expected: string[], what: string) =>
      t.strictSame([...t2].sort(), [...expected].sort(), `${way}: ${what}`)
    same(await found(`createdDateTime eq ${row?.['time']}`), [id], 'at that moment')
    same(await found(`createdDateTime ge ${row?.['time']}`), ids.slice(index), 'since')
    same(await found(`createdDateTime gt ${row?.['time']}`), ids.slice(index + 1), 'after')
    same(await found(`createdDateTime le ${row?.['time']}`), ids.slice(0, index + 1), 'until')
    same(await found(`createdDateTime lt ${row?.['time']}`), ids.slice(0, index), 'before')
    same(await found(`not(createdDateTime ge ${row?.['time']})`), ids.slice(0, index), 'not since')
    same(await found(`createdDateTime ne ${row?.['time']}`), ids.toSpliced(index, 1), 'at another moment')
  }
  t.strictSame((await found('createdDateTime ge 0001-01-01T00:00:00Z')).length, came.length, 'since ever')
  t.strictSame(await found('createdDateTime le 0001-01-01T00:00:00Z'), [], 'before ever')
  t.strictSame((await found('createdDateTime le 9998-12-31T00:00:00Z')).length, came.length, 'until the end')
})
