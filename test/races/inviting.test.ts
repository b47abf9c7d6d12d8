import t from 'tap'
import { fetchToken } from '../support/service.js'
import { startRaces } from './scene.js'

t.setTimeout(900_000)

const AT_ONCE = 50

t.test('50 invitations of one address at once give one guest, 50 invitations and no mail over the cap', async (t) => {
  const { service, replicaUrl } = await startRaces(t)
  const post = await poster(service)
  for (const [round, address] of ['Ana.Lima@partner.example', 'pedro@bücher.example'].entries()) {
    const spellings = [address, address.toUpperCase(), address.toLowerCase()]
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        post(index % 2 ? service.baseUrl : replicaUrl, {
          invitedUserEmailAddress: spellings[index % 3],
          inviteRedirectUrl: 'https://app.example/welcome',
          sendInvitationMessage: true,
        }),
      ),
    )
    t.strictSame(new Set(answers.map(({ status }) => status)), new Set([201]), `round ${round}: each is a 201`)
    t.equal(new Set(answers.map(({ body }) => body.invitedUser.id)).size, 1, 'with the same guest')
    t.equal(new Set(answers.map(({ body }) => body.id)).size, AT_ONCE, 'and an invitation of its own')
    const suppressed = answers.filter(({ body }) => body.delivery?.reason === 'recipientLimit')
    t.equal(suppressed.length, AT_ONCE - 10, 'ten mails a day to one address, however fast they are asked for')
  }
  const [counts] = await service.rows(`select (select count(*)::int from users where user_type = 'Guest') as guests,
    (select count(*)::int from invitations) as invitations, (select count(*)::int from invitation_mails) as mails,
    (select count(*)::int from outbox) as outbox`)
  t.strictSame(counts && { ...counts }, { guests: 2, invitations: 2 * AT_ONCE, mails: 20, outbox: 20 })
})

t.test('the tenth and the eleventh mail of a day asked for at the same moment: one is sent', async (t) => {
  const { service, replicaUrl, inTurn } = await startRaces(t)
  const post = await poster(service)
  const wish = {
    invitedUserEmailAddress: 'ana@partner.example',
    inviteRedirectUrl: 'https://app.example/welcome',
    sendInvitationMessage: true,
  }
  for (let mail = 1; mail <= 9; mail++) await post(service.baseUrl, wish)
  const [tenth, eleventh] = await inTurn(
    `select 1 from users where mail_folded = 'ana@partner.example' for update`,
    () => post(service.baseUrl, wish),
    () => post(replicaUrl, wish),
  )
  t.equal(tenth.body.delivery, undefined)
  t.match(eleventh.body.delivery, { state: 'suppressed', reason: 'recipientLimit' })
  t.equal((await service.rows('select 1 from invitation_mails')).length, 10)
})

t.test('one request sent many times at once with one key makes one invitation', async (t) => {
  const { service, replicaUrl } = await startRaces(t)
  const post = await poster(service)
  const send = (index: number) =>
    post(
      index % 2 ? service.baseUrl : replicaUrl,
      { invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/welcome' },
      { 'idempotency-key': 'only-once' },
    )
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => send(index)))
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([201]))
  t.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
  t.equal((await service.rows('select 1 from invitations')).length, 1)
})

async function poster(service: Awaited<ReturnType<typeof startRaces>>['service']) {
  const token = await fetchToken(service.baseUrl, service.tenantId, service.clientId, service.clientSecret)
  return async (url: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}/v1.0/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as any }
  }
}
