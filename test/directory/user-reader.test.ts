import t from 'tap'
import { startService } from '../support/service.js'

t.test('users read together', async (t) => {
  const service = await startService(t, { workers: false })
  const { readUser } = service.services
  const ids: string[] = []
  for (let n = 0; n < 8; n++) {
    const { invitedUser } = await service.invite(`guest${n}@partner.example`)
    ids.push(invitedUser.id)
    await service.api('PATCH', `/users/${invitedUser.id}`, { businessPhones: [`+1 555 ${n}`], jobTitle: `Job ${n}` })
  }

  await t.test('get the answer of the general way, each their own', async (t) => {
    const names =
      'businessPhones,displayName,givenName,id,jobTitle,mail,mobilePhone,officeLocation,preferredLanguage,surname,userPrincipalName'
    const answers = await Promise.all([...ids, ...ids].map((id) => service.api('GET', `/users/${id}`)))
    for (const [index, answer] of answers.entries()) {
      t.equal(answer.status, 200)
      const general = await service.api('GET', `/users/${ids[index % ids.length]}?$select=${names}`)
      const context = `${service.baseUrl}/v1.0/$metadata#users/$entity`
      t.strictSame(answer.body, { ...general.body, '@odata.context': context })
    }
  })

  await t.test('tells text as it was written, line breaks and all', async (t) => {
    const [id = ''] = ids
    const jobTitle = 'Of "one\\two"\n\r\tand \u2028 \u0001 🦊 </script>'
    const changed = await service.api('PATCH', `/users/${id}`, { jobTitle })
    t.equal(changed.status, 204)
    const [own, neighbour] = await Promise.all([
      service.api('GET', `/users/${id}`),
      service.api('GET', `/users/${ids[1]}`),
    ])
    t.equal(own?.body.jobTitle, jobTitle)
    t.equal(neighbour?.body.jobTitle, 'Job 1')
    t.match(own?.headers.get('content-type') ?? '', /^application\/json;odata\.metadata=minimal/)
  })

  await t.test('one who is not there, or deleted, fails nobody else', async (t) => {
    const [gone = '', here = ''] = ids
    await service.api('DELETE', `/users/${gone}`)
    const [first, second, third] = await Promise.all([
      service.api('GET', `/users/${gone}`),
      service.api('GET', `/users/${here.toUpperCase()}`),
      service.api('GET', `/users/${service.tenantId}`),
    ])
    t.equal(first?.status, 404)
    t.equal(second?.body.id, here)
    t.equal(third?.status, 404)
  })

  await t.test('nobody of another organization, asked for at the same moment', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    const [, here = ''] = ids
    const [own, theirs, admin] = await Promise.all([
      readUser(service.tenantId, here),
      readUser(other.tenantId, here),
      readUser(other.tenantId, other.adminId),
    ])
    t.equal(JSON.parse(own?.json ?? '{}').id, here)
    t.equal(theirs, undefined)
    t.equal(JSON.parse(admin?.json ?? '{}').id, other.adminId)
  })
})
