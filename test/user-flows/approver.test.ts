import t from 'tap'
import { changesNothing } from '../attacks/scene.js'
import { guestOf, Person } from '../my-apps/world.js'
import { csrfIn } from '../provider/relying-party.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'
import { approvedFlow, hold, requestsOf, visitorOf, waiting } from './approval-scene.js'

const service = await startService(t)
const ana = await person(service, 'ana')
const bo = await person(service, 'bo')
const flow = await approvedFlow(service, 'B2X_1_Partner', [
  { id: ana, type: 'User' },
  { id: bo, type: 'User' },
])
const list = `/myaccess/sign-ups?tenant=${service.tenantId}`
const pathOf = (id: string) => `/myaccess/sign-ups/${id}?tenant=${service.tenantId}`
const stateOf = async (id: string) => (await service.api('GET', `${requestsOf(flow.id)}/${id}`)).body.status
const asAna = await new Person(service).signIn(list, 'ana@contoso.example')
const asBo = await new Person(service).signIn(list, 'bo@contoso.example')

t.test('an approver sees what waits, decides, and it is gone from the list', async (t) => {
  t.match(asAna, { name: 'approvals', status: 200 })
  t.match(asAna.page, 'Nobody waits for you')
  await asAna.open(`/myapps?tenant=${service.tenantId}`)
  t.match(asAna.page, `href="${list}"`, 'who decides gets there without a mail, too')
  const id = await waiting(service, flow, 'gil@partner.example')
  await asAna.open(list)
  t.match(asAna.page, `/myaccess/sign-ups/${id}?tenant=`)
  await asAna.open(pathOf(id))
  t.match(asAna, { name: 'approval', status: 200 })
  t.match(asAna.page, 'May gil@partner.example become a guest?')
  t.match(asAna.page, 'Town')
  t.equal(await stateOf(id), 'PendingApproval', 'looking decides nothing')
  await asAna.submit({ choice: 'approve' })
  t.match(asAna, { name: 'approval', status: 200 })
  t.match(asAna.page, 'This request is approved')
  t.match(asAna.page, 'ana approved it on')
  t.equal(await stateOf(id), 'Approved')
  await asAna.open(list)
  t.notMatch(asAna.page, id)
})

t.test('the second decision is told of the first', async (t) => {
  const id = await waiting(service, flow, 'two@partner.example')
  await asAna.open(pathOf(id))
  await asBo.open(pathOf(id))
  await asAna.submit({ choice: 'deny', reason: 'Not now' })
  t.match(asAna.page, 'This request is denied')
  await asBo.submit({ choice: 'approve' })
  t.match(asBo, { name: 'approval', status: 409 })
  t.match(asBo.page, 'decided before you pressed the button')
  t.match(asBo.page, 'ana denied it on')
  t.equal(await stateOf(id), 'Denied')
})

t.test('a reason that is too long is kept as typed, and nothing happens', async (t) => {
  const id = await waiting(service, flow, 'long@partner.example')
  await asAna.open(pathOf(id))
  const reason = '<script>alert(1)</script>'.padEnd(501, 'x')
  await asAna.submit({ choice: 'deny', reason })
  t.equal(asAna.status, 422)
  t.match(asAna.page, 'longer than 500 characters')
  t.match(asAna.page, '&lt;script>alert(1)&lt;/script>')
  t.equal(await stateOf(id), 'PendingApproval')
})

t.test('a domain that is not allowed any more is named, and the request still waits', async (t) => {
  const id = await waiting(service, flow, 'eve@blocked.example')
  await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'blockList', domains: ['blocked.example'] })
  await asAna.open(pathOf(id))
  await asAna.submit({ choice: 'approve' })
  t.equal(asAna.status, 422)
  t.match(asAna.page, 'Guests from blocked.example are not allowed any more')
  t.equal(await stateOf(id), 'PendingApproval')
  await service.api('PUT', '/policies/invitationDomainPolicy', { mode: 'any' })
})

t.test('so is an address that somebody else has by now', async (t) => {
  const id = await waiting(service, flow, 'taken@partner.example')
  const mail = { mail: 'taken@partner.example', mailNickname: 'eva', userPrincipalName: 'eva@contoso.example' }
  t.equal((await service.api('POST', '/users', { displayName: 'Eva', accountEnabled: true, ...mail })).status, 201)
  await asAna.open(pathOf(id))
  await asAna.submit({ choice: 'approve' })
  t.equal(asAna.status, 422)
  t.match(asAna.page, 'another account of')
  t.equal(await stateOf(id), 'PendingApproval')
})

t.test('what a visitor typed is text', async (t) => {
  const evil = '<img src=x onerror=alert(1)>"\u202e'
  const { requestId } = await hold(
    service,
    flow,
    visitorOf(flow, 'xss@partner.example', { claims: { displayName: evil, city: `${evil}\r\nBcc: all@evil.example` } }),
  )
  await asAna.open(pathOf(requestId))
  t.notMatch(asAna.page, '<img src=x')
  t.match(asAna.page, '&lt;img src=x onerror=alert(1)>')
  await asAna.submit({ choice: 'deny', reason: 'No\r\nBcc: all@evil.example\r\n\r\n<b>x</b>' })
  const [mail] = await service.waitForMails('xss@partner.example')
  t.strictSame(mail?.to, ['xss@partner.example'])
  t.strictSame(mail?.cc, [])
  t.notMatch(mail?.subject, /Bcc|img/)
  t.match(mail?.text, /^> Bcc: all@/m, 'quoted, in the body')
  t.notMatch(mail?.html, '<b>x</b>')
})

t.test('a forwarded link shows a stranger nothing, and lets them decide nothing', async (t) => {
  const id = await waiting(service, flow, 'mia@partner.example')
  const other = await waiting(service, flow, 'noa@partner.example')
  const nobody = new Person(service)
  await nobody.open(pathOf(id))
  t.equal(nobody.name, 'sign-in', 'the link proves nobody')
  t.notMatch(nobody.page, 'mia@partner.example')
  const guest = await guestOf(service, 'stranger@partner.example')
  const stranger = await new Person(service).signIn(pathOf(id), guest.mail)
  t.match(stranger, { name: 'error', status: 404 })
  t.notMatch(stranger.page, 'mia@partner.example')
  const unknown = await stranger.open(pathOf(service.services.newId()))
  t.match(unknown, { name: 'error', status: 404 }, 'as for a request that is none')
  await changesNothing(
    t,
    service,
    async () => {
      await stranger.open(list)
      t.match(stranger.page, 'Nobody waits for you')
      t.notMatch(stranger.page, `href="${list}"`, 'whoever decides about nothing has no way there')
      const csrf = csrfIn(stranger.page)
      for (const each of [id, other]) {
        await stranger.submit({ csrf, choice: 'approve' }, pathOf(each))
        t.equal(stranger.status, 404)
        await stranger.open(list)
      }
    },
    ['sessions'],
  )
})

t.test('a form of another site decides nothing', async (t) => {
  const id = await waiting(service, flow, 'ola@partner.example')
  await asAna.open(pathOf(id))
  const own = csrfIn(asAna.page)
  for (const csrf of ['', 'x'.repeat(43), csrfIn(asBo.page)]) {
    t.not(csrf, own)
    await asAna.submit({ csrf, choice: 'approve' }, pathOf(id))
    t.match(asAna, { name: 'error', status: 403 })
  }
  t.equal(await stateOf(id), 'PendingApproval')
})

t.test('who is no approver any more decides no more', async (t) => {
  const id = await waiting(service, flow, 'pia@partner.example')
  await asBo.open(pathOf(id))
  await service.rows(`delete from user_flow_approvers where approver_id = '${bo}'`)
  await asBo.submit({ choice: 'approve' })
  t.match(asBo, { name: 'error', status: 404 })
  t.equal(await stateOf(id), 'PendingApproval')
})

t.test('a visitor looks at their request', async (t) => {
  const request = `/${service.tenantId}/signup/${flow.id}/request`
  const id = await waiting(service, flow, 'quin@partner.example')
  const prove = async (mail: string) => {
    const visitor = await new Person(service).open(request)
    t.match(visitor, { name: 'request', status: 200 })
    const before = (await service.mails(mail)).length
    await visitor.submit({ email: mail })
    t.match(visitor, { name: 'code', status: 200 }, 'the same for every address')
    const mails = await service.waitForMails(mail, before + 1)
    return visitor.submit({ code: /^\d{8}$/m.exec(mails[0]?.text ?? '')?.[0] ?? '' })
  }
  const visitor = await prove('quin@partner.example')
  t.match(visitor, { name: 'pending', status: 200 })
  t.match(visitor.page, 'Details sent')
  t.match(await prove('nobody@partner.example'), { name: 'no-request', status: 200 }, 'told to the mailbox alone')
  await service.api('POST', `${requestsOf(flow.id)}/${id}/deny`, { reason: 'Secret words' })
  await visitor.open(request)
  t.match(visitor, { name: 'denied', status: 200 })
  t.notMatch(visitor.page, 'Secret words', 'a reason is in the mail, not on our page')
  await visitor.submit({ email: 'x' }, request)
  t.equal(visitor.status, 403, 'the page has no form')
  t.match(await new Person(service).open(`/${service.tenantId}/signup/B2X_1_None/request`), { status: 404 })
  t.match(await new Person(service).open(`/nobody.example/signup/${flow.id}/request`), { status: 404 })
})
