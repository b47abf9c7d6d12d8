import t from 'tap'
import { startService } from '../support/service.js'

const DAY_MS = 86_400_000

t.test('reading invitations', async (t) => {
  const service = await startService(t, { workers: false })
  const made: { id: string; invitedUser: { id: string } }[] = []
  for (let n = 0; n < 7; n++) made.push(await service.invite(`guest${n}@partner.example`))
  const ids = made.map(({ id }) => id)
  const newestFirst = [...ids].reverse()
  const list = async (query: string) => {
    const answer = await service.api('GET', `/invitations${query}`)
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body.value.map(({ id }: { id: string }) => id)
  }
  const filter = (text: string) => list(`?$filter=${encodeURIComponent(text)}`)

  await t.test('the list is newest first', async (t) => {
    const { body } = await service.api('GET', '/invitations')
    t.equal(body['@odata.context'], `${service.baseUrl}/v1.0/$metadata#invitations`)
    t.notOk('@odata.nextLink' in body)
    t.strictSame(
      body.value.map(({ id }: { id: string }) => id),
      newestFirst,
    )
  })

  await t.test('a count is what the list holds, and wants an advanced query', async (t) => {
    const counted = await service.api('GET', '/invitations/$count', undefined, {
      headers: { consistencylevel: 'eventual' },
    })
    t.equal(counted.status, 200)
    t.equal(counted.text, String(ids.length))
    t.equal((await service.api('GET', '/invitations/$count')).status, 400)
  })

  await t.test('pages hold each row once, also while others are added', async (t) => {
    const seen: string[] = []
    let next: string | undefined = `${service.baseUrl}/v1.0/invitations?$top=3`
    let pages = 0
    while (next) {
      const { body }: { body: any } = await service.api('GET', next.slice(`${service.baseUrl}/v1.0`.length))
      seen.push(...body.value.map(({ id }: { id: string }) => id))
      next = body['@odata.nextLink']
      pages += 1
      if (pages === 1) await service.invite('late@partner.example')
    }
    t.strictSame(seen, newestFirst, 'what came later is on no page after the first')
    t.equal(pages, 3)
  })

  await t.test('a page as long as the list has no next one', async (t) => {
    const { body } = await service.api('GET', '/invitations?$top=8')
    t.equal(body.value.length, 8)
    t.notOk('@odata.nextLink' in body)
  })

  await t.test('filters', async (t) => {
    t.strictSame(await filter("invitedUserEmailAddress eq 'GUEST3@Partner.example'"), [ids[3]])
    t.strictSame(await filter("startsWith(invitedUserEmailAddress,'guest')"), newestFirst)
    t.strictSame(await filter(`invitedUser/id eq '${made[2]?.invitedUser.id}'`), [ids[2]])
    t.strictSame(await filter(`id in ('${ids[1]}','${ids[5]}')`), [ids[5], ids[1]])
    t.equal((await filter(`createdDateTime ge ${new Date(Date.now() - DAY_MS).toISOString()}`)).length, 8)
    t.strictSame(await filter(`createdDateTime gt ${new Date(Date.now() + DAY_MS).toISOString()}`), [])
    t.equal((await filter("status eq 'PendingAcceptance'")).length, 8)
    t.strictSame(await filter("status eq 'Completed'"), [])
    t.equal((await filter("not (status eq 'Completed')")).length, 8)
  })

  await t.test('the filter by status knows what lapsed although no job ran', async (t) => {
    const short = await service.invite('short@partner.example', {
      expiresDateTime: new Date(service.services.clock().getTime() + 60_000).toISOString(),
    })
    service.advance(61_000)
    t.strictSame(await filter("status eq 'Expired'"), [short.id])
    t.strictSame(await filter("status eq 'expired'"), [short.id], 'in any case')
    t.notOk((await filter("status eq 'PendingAcceptance'")).includes(short.id))
    t.strictSame(await filter("status in ('Expired','Revoked')"), [short.id])
    t.equal((await service.api('GET', `/invitations/${short.id}`)).body.status, 'Expired')
    t.match(await service.rows(`select status from invitations where id = '${short.id}'`), [{ status: 'pending' }])
  })

  await t.test('what cannot be asked', async (t) => {
    const cases: [query: string, status: number, code: string][] = [
      [`?$filter=${encodeURIComponent("inviteRedirectUrl eq 'x'")}`, 400, 'Request_UnsupportedQuery'],
      [`?$filter=${encodeURIComponent('status eq')}`, 400, 'BadRequest'],
      [`?$filter=${encodeURIComponent("id eq 'x'")}`, 400, 'Request_UnsupportedQuery'],
      ['?$top=0', 400, 'Request_UnsupportedQuery'],
      ['?$top=1000', 400, 'Request_UnsupportedQuery'],
      ['?$skiptoken=abc', 400, 'Directory_ExpiredPageToken'],
      ['?$orderby=id', 400, 'BadRequest'],
    ]
    for (const [query, status, code] of cases) {
      const answer = await service.api('GET', `/invitations${query}`)
      t.equal(answer.status, status, query)
      if (code !== 'BadRequest') t.equal(answer.body.error.code, code, query)
    }
  })

  await t.test('a page token belongs to its filter', async (t) => {
    const { body } = await service.api('GET', '/invitations?$top=2')
    const token = new URL(body['@odata.nextLink']).searchParams.get('$skiptoken')
    const moved = await service.api(
      'GET',
      `/invitations?$top=2&$filter=${encodeURIComponent("status eq 'Completed'")}&$skiptoken=${token}`,
    )
    t.equal(moved.body.error.code, 'Directory_ExpiredPageToken')
  })

  await t.test('one by id, in any case, and never with its link', async (t) => {
    const answer = await service.api('GET', `/invitations/${ids[0]?.toUpperCase()}`)
    t.equal(answer.status, 200)
    t.equal(answer.body.id, ids[0])
    t.notMatch(answer.text, /redeemurl|ticket/i)
    t.notMatch((await service.api('GET', '/invitations')).text, /redeemurl|ticket/i)
  })

  await t.test('an unknown id, or none at all, is not found', async (t) => {
    for (const id of [service.tenantId, 'ana', "'--", '0']) {
      const { status, body } = await service.api('GET', `/invitations/${encodeURIComponent(id)}`)
      t.equal(status, 404, id)
      t.equal(body.error.code, 'Request_ResourceNotFound', id)
    }
  })

  await t.test('who may read', async (t) => {
    const path = `/invitations/${ids[0]}`
    for (const permission of ['User.Read.All', 'User.Invite.All', 'User.ReadWrite.All', 'Directory.Read.All']) {
      const token = await service.appToken([permission])
      t.equal((await service.api('GET', path, undefined, { token })).status, 200, permission)
    }
    const token = await service.appToken(['Policy.Read.All'])
    t.equal((await service.api('GET', path, undefined, { token })).status, 403)
    t.equal((await service.api('GET', '/invitations', undefined, { token })).status, 403)
    t.equal((await service.api('GET', path, undefined, { token: null })).status, 401)
  })
})
