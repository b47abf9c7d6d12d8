import t from 'tap'
import { raiseVersion, updateTenant } from '../../src/tenants/index.js'
import { assignedApp, guestOf } from '../my-apps/world.js'
import { newestCode } from '../provider/relying-party.js'
import { appFrom } from '../support/authenticator.js'
import { DESKTOP, startJourneys } from '../support/browser.js'
import { look } from '../support/look.js'

/** My Apps and the account as they look; see `appearance.test.ts`. */
const { service, visitor } = await startJourneys(t, { domain: 'fabrikam.example' })

/** A doorway of 32 by 32 pixels. */
const LOGO =
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAMAAABEpIrGAAAABlBMVEX///8Lbl9ZPTbTAAAAHElEQVR42mNgGESAEQ0MXQXY2KMKRhWQp2AAAQAq7gDxoXaY6AAAAABJRU5ErkJggg=='

t.test('apps and account', async (t) => {
  const wingtip = await service.otherTenant('wingtip.example')
  const adatum = await service.otherTenant('adatum.example')
  await service.services.database.withTenant(service.tenantId, async ({ orm }) => {
    await updateTenant(orm, service.tenantId, {
      displayName: 'Fabrikam',
      privacyStatementUrl: 'https://fabrikam.example/privacy',
      contactAddress: 'guests@fabrikam.example',
      brandColour: '#0b6e5f',
      logo: { mediaType: 'image/png', base64: LOGO },
    })
    await raiseVersion(orm, service.tenantId)
  })
  for (const [id, displayName] of [
    [wingtip.tenantId, 'Wingtip Toys'],
    [adatum.tenantId, 'Adatum'],
  ] as const) {
    await service.services.database.withTenant(id, ({ orm }) =>
      updateTenant(orm, id, { displayName, contactAddress: 'help@adatum.example' }),
    )
  }
  service.services.tenants.forget()
  const mail = 'gcarvalho@proseware.example'
  const guest = await guestOf(service, mail)
  await service.api('PATCH', `/users/${guest.id}`, { displayName: 'Giovanna Carvalho' })
  await guestOf(service, mail, wingtip)
  const off = await guestOf(service, mail, adatum)
  await service.api('PATCH', `/users/${off.id}`, { accountEnabled: false }, { token: adatum.token })

  const home = `${service.baseUrl}/myapps?tenant=${service.tenantId}`
  const account = `${service.baseUrl}/myaccount?tenant=${service.tenantId}`
  const open = async (locale: string) => {
    const person = await visitor(t, undefined, { locale })
    await person.open(home)
    await person.page.fill('input[name=email]', mail)
    await person.codeFrom(mail, () => person.go(() => person.page.locator('main button[type=submit]').click()))
    await person.enter(await newestCode(service, mail))
    return person
  }
  const person = await open('en')
  t.equal((await person.open(home)).name, 'my-apps')
  await look(t, person, 'my-apps-empty')

  for (const [displayName, description, logo] of [
    ['Supplier portal', 'Orders, invoices and deliveries', true],
    ['Quality desk', 'Report and follow defects', false],
    ['Drawings', 'Current parts and revisions', false],
    ['Time sheets', 'Hours on Fabrikam sites', false],
    ['Wiki', 'How Fabrikam works with suppliers', false],
    ['Requests for quotation', 'Answer open requests, last day 4 December', false],
  ] as const) {
    const made = await assignedApp(service, guest.id, { displayName, description })
    if (logo) {
      await fetch(`${service.baseUrl}/v1.0/applications/${made.id}/logo`, {
        method: 'PUT',
        headers: {
          'content-type': 'image/png',
          authorization: `Bearer ${await service.appToken(['Application.ReadWrite.All'])}`,
        },
        body: Buffer.from(LOGO, 'base64'),
      })
    }
  }
  await person.open(home)
  await look(t, person, 'my-apps')
  await person.page.setViewportSize(DESKTOP)
  const { displayName } = (await service.api('GET', `/users/${guest.id}`)).body
  const bar = () => person.page.locator('header.bar').evaluate(({ clientHeight }) => clientHeight)
  const usual = await bar()
  await service.api('PATCH', `/users/${guest.id}`, { displayName: 'Maximiliane'.repeat(8) })
  await person.open(home)
  t.equal(await bar(), usual, 'a long name is cut short, not the bar broken')
  await service.api('PATCH', `/users/${guest.id}`, { displayName })
  for (const menu of [0, 1]) {
    await person.open(home)
    await person.page.locator('header details').nth(menu).locator('summary').click()
    await look(t, person, `my-apps-menu-${menu}`)
  }
  await person.open(`${home}&q=desk`)
  await look(t, person, 'my-apps-search')
  await person.open(`${home}&q=nothing+like+it`)
  await look(t, person, 'my-apps-nothing')
  await person.open(`${service.baseUrl}/myapps/open/${guest.id}?tenant=${service.tenantId}`)
  await look(t, person, 'my-apps-closed')
  await person.open(`${service.baseUrl}/myapps?tenant=nowhere.example`)
  await look(t, person, 'my-apps-which')

  service.advance(60_000)
  const arabic = await open('ar')
  await arabic.open(home)
  await look(t, arabic, 'ar-my-apps')
  await arabic.open(account)
  await look(t, arabic, 'ar-my-account')
  await arabic.open(`${service.baseUrl}/myaccount/leave?tenant=${service.tenantId}`)
  await look(t, arabic, 'ar-leave')

  await person.open(account)
  await look(t, person, 'my-account')
  await person.press('Add a method')
  const app = appFrom(await person.page.content())
  await person.enter(app.codeAt(service.services.clock()))
  await person.press('I have kept them')
  await look(t, person, 'my-account-methods')
  await person.open(`${service.baseUrl}/myaccount/leave?tenant=${service.tenantId}`)
  await look(t, person, 'leave')
  await service.api('PATCH', '/policies/externalIdentitiesPolicy', { allowExternalIdentitiesToLeave: false })
  await person.open(`${service.baseUrl}/myaccount/leave?tenant=${service.tenantId}`)
  await look(t, person, 'leave-blocked')
  await service.rows(`insert into application_owners (tenant_id, object_id, owner_id, owner_type)
    select tenant_id, service_principal_id, '${guest.id}', 'user' from applications where display_name in ('Wiki', 'Drawings')`)
  await service.api('PATCH', '/policies/authorizationPolicy', {
    guestUserRoleId: '10dae51f-b6af-4016-8d66-8c2a99b929b3',
  })
  await person.open(`${service.baseUrl}/myapps/manage?tenant=${service.tenantId}`)
  await look(t, person, 'manage')
  await person.press('Wiki', 'link')
  await look(t, person, 'manage-people')
  await person.open(home)
  await person.page.locator('header details').nth(1).locator('summary').click()
  await person.press('Sign out')
  await look(t, person, 'signed-out')
  t.strictSame([...person.complaints, ...arabic.complaints], [])
})
