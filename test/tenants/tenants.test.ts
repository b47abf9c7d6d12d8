import t from 'tap'
import { createTenant } from '../../src/bootstrap.js'
import { updateTenant } from '../../src/tenants/index.js'
import { startService } from '../support/service.js'

t.test('finding organizations', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const { tenants, database } = services

  await t.test('by id and by verified domain, in any case', async (t) => {
    for (const name of [tenantId, tenantId.toUpperCase(), 'contoso.example', 'Contoso.EXAMPLE'])
      t.equal((await tenants.find(name))?.id, tenantId, name)
    for (const name of ['', 'other.example', 'contoso', services.newId(), "x' or 1=1"])
      t.equal(await tenants.find(name), undefined, name)
  })

  await t.test('an international domain is kept in A-labels, so that its own addresses are known', async (t) => {
    const made = await createTenant(services, { domain: 'Bücher.example', adminMail: 'admin@partner.example' })
    t.equal((await tenants.find('xn--bcher-kva.example'))?.id, made.tenantId)
    t.match(await tenants.find(made.tenantId), {
      initialDomain: 'xn--bcher-kva.example',
      domains: ['xn--bcher-kva.example'],
    })
    await t.rejects(createTenant(services, { domain: 'not a domain', adminMail: 'admin@partner.example' }), /domain/)
    await t.rejects(createTenant(services, { domain: 'ok.example', adminMail: 'nobody' }), /address/)
    t.equal(await tenants.find('ok.example'), undefined)
  })

  await t.test('a domain belongs to one organization', async (t) => {
    await t.rejects(createTenant(services, { domain: 'CONTOSO.example', adminMail: 'admin@partner.example' }))
    t.equal((await tenants.find('contoso.example'))?.id, tenantId)
  })

  await t.test('a domain that is not verified finds nobody', async (t) => {
    await database.sql`insert into domains (name, tenant_id, is_verified, created_at) values ('wish.example', ${tenantId}, false, now())`
    t.equal(await tenants.find('wish.example'), undefined)
    t.strictSame((await tenants.find(tenantId))?.domains, ['contoso.example'])
  })

  await t.test('a domain that moves to another organization is found there', async (t) => {
    const other = await service.otherTenant('fabrikam.example')
    await database.sql`insert into domains (name, tenant_id, is_verified, created_at) values ('moving.example', ${tenantId}, true, now())`
    tenants.forget(tenantId)
    t.equal((await tenants.find('moving.example'))?.id, tenantId)
    await database.sql`update domains set tenant_id = ${other.tenantId} where name = 'moving.example'`
    tenants.forget(tenantId)
    tenants.forget(other.tenantId)
    t.equal((await tenants.find('moving.example'))?.id, other.tenantId)
  })

  await t.test('settings have defaults that a change leaves alone', async (t) => {
    await updateTenant(database.orm, tenantId, { settings: { mailsPerRecipientAndDay: 3 } })
    await updateTenant(database.orm, tenantId, { settings: { invitationLifetimeDays: null } })
    tenants.forget(tenantId)
    t.strictSame((await tenants.find(tenantId))?.settings, {
      invitationLifetimeDays: null,
      mailsPerRecipientAndDay: 3,
      mailsPerInviterAndDay: 200,
      mailsPerApplicationAndDay: null,
      textMessagesPerDay: 500,
      removeNeverRedeemedAfterDays: null,
      auditRetentionDays: 90,
      signInRetentionDays: 30,
      accessExtensionDays: 90,
      removeEndedAfterDays: null,
      signUpsPerNetworkAndHour: 60,
      signUpsPerFlowAndHour: 1_000,
      signUpChallenge: false,
      signUpRequestLifetimeDays: 30,
    })
  })

  await t.test('an organization without a limit of time invites for ever', async (t) => {
    const made = await service.invite('ana@partner.example')
    t.equal((await service.api('GET', `/invitations/${made.id}`)).body.expiresDateTime, null)
  })
})

t.test('the logo of an organization', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId, baseUrl } = service
  const png = Buffer.from('89504e470d0a1a0a', 'hex')
  const get = (path: string) => fetch(`${baseUrl}/assets/logos/${path}`)
  t.equal((await get(`${tenantId}/1.png`)).status, 404)
  await updateTenant(services.database.orm, tenantId, {
    logo: { mediaType: 'image/png', base64: png.toString('base64') },
  })
  services.tenants.forget(tenantId)
  const found = await get(`${tenantId}/1.png`)
  t.equal(found.status, 200)
  t.equal(found.headers.get('content-type'), 'image/png')
  t.equal(found.headers.get('x-content-type-options'), 'nosniff')
  t.match(found.headers.get('content-security-policy'), "default-src 'none'")
  t.ok(Buffer.from(await found.arrayBuffer()).equals(png))
  t.equal((await get(`${services.newId()}/1.png`)).status, 404)
  t.equal((await get('contoso.example/1.png')).status, 404)
})
