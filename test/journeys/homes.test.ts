import t from 'tap'
import { insertUser } from '../../src/directory/index.js'
import { ANA, partnerHome, socialHome } from '../sign-in/home.js'
import { phoneWithoutScripts, startJourneys } from '../support/browser.js'
import { look } from '../support/look.js'

/** The pages on the way to a home and back, in a browser: its redirects pass our content security policy, and axe. */
const records = new Map<string, string[]>()
const resolveTxt = async (name: string) => records.get(name) ?? []
const { service, visitor, invite, landing } = await startJourneys(t, { domain: 'fabrikam.example', resolveTxt })
const partner = await partnerHome(t, service, records)

t.test('a partner, from the link to where it leads, on a phone without scripts', async (t) => {
  partner.signsInAs = ANA
  const { link } = await invite('ana@partner.example')
  const guest = await visitor(t, phoneWithoutScripts)
  t.equal((await guest.open(link)).name, 'start')
  t.equal((await guest.press('Continue with Partner')).name, 'consent')
  const landed = await guest.press('Accept')
  t.equal(landed.url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})

t.test('how the pages look', async (t) => {
  const { link } = await invite('bo@partner.example')
  const guest = await visitor(t)
  await guest.open(link)
  await look(t, guest, 'home-start')
  partner.signsInAs = { ...ANA, sub: 'cy', email: 'cy@partner.example' }
  t.equal((await guest.press('Continue with Partner')).name, 'wrong-account')
  await look(t, guest, 'home-wrong-account')
  partner.signsInAs = undefined
  await guest.page.context().clearCookies({ name: /^_/ })
  t.equal((await guest.press(/^Switch to/)).name, 'error')
  await look(t, guest, 'home-cancelled')

  const microsoft = await socialHome(t, service, 'Microsoft')
  const other = await invite('di@elsewhere.example')
  await guest.open(other.link)
  await look(t, guest, 'home-start-choose')
  t.equal((await guest.press('Choose how to sign in')).name, 'choose-provider')
  await look(t, guest, 'choose-provider')
  microsoft.before = (_request, response) => response.writeHead(503).end() && true
  t.equal((await guest.press('Microsoft account')).name, 'error')
  await look(t, guest, 'home-unreachable')
  t.strictSame(guest.complaints, [])
})

t.test('right to left', async (t) => {
  const { link } = await invite('ed@elsewhere.example')
  const guest = await visitor(t, undefined, { locale: 'ar' })
  await guest.open(link)
  await guest.go(() => guest.page.locator('button[value=choose]').click())
  await look(t, guest, 'ar-choose-provider')
  t.strictSame(guest.complaints, [])
})

t.test('another organization of this deployment', async (t) => {
  const { tenantId } = await service.otherTenant('contoso.example')
  const { services } = service
  await services.database.withTenant(tenantId, (scope) =>
    insertUser(scope, {
      tenantId,
      id: services.newId(),
      userPrincipalName: 'nils@contoso.example',
      displayName: 'Nils',
      mail: 'nils@contoso.example',
      mailFolded: 'nils@contoso.example',
      mailNickname: 'nils',
      userType: 'Member',
      createdDateTime: services.clock(),
    }),
  )
  const { link } = await invite('nils@contoso.example')
  const guest = await visitor(t)
  await guest.open(link)
  const way = await guest.go(() => guest.page.locator('button[name=action]').click())
  if (way.name === 'choose-provider') await guest.go(() => guest.page.locator('button[value=organization]').click())
  await look(t, guest, 'home-sign-in')
  const { code } = await guest.askForCode('nils@contoso.example')
  t.equal((await guest.enter(code)).name, 'consent')
  t.equal((await guest.press('Accept')).url, `${landing.url}/welcome`)
  t.strictSame(guest.complaints, [])
})
