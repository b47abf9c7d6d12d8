import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { expireInvitations } from '../../src/invitations/index.js'
import { wasRaised } from '../../src/platform/database.js'
import { arriveByIdentity } from '../../src/sign-in/store.js'
import type { Page } from '../support/guest.js'
import type { TestService } from '../support/service.js'
import { startRaces } from './scene.js'
import { browserAtConsent } from './sign-in.js'

t.setTimeout(900_000)

const LANDING = 'https://app.example/welcome'

t.test('two browsers accept one link: one completes it, the other goes on as the same guest', async (t) => {
  const { service, inTurn } = await startRaces(t)
  for (let round = 0; round < 20; round++) {
    const { id, userId, link, address } = await invited(service, round)
    const one = await browserAtConsent(service, link, address)
    service.advance(31_000)
    const two = await browserAtConsent(service, link, address)
    const pages = await inTurn(
      lockOf(userId),
      () => one.post(link, { choice: 'accept' }),
      () => two.post(link, { choice: 'accept' }),
    )
    t.strictSame(pages.map(outcome), [`303 ${LANDING}`, `303 ${LANDING}`])
    for (const browser of [one, two]) t.equal(outcome(await browser.get(link)), `303 ${LANDING}`)
    await ended(t, service, id, 'Completed', ['invited', 'redeemed'])
    t.equal((await service.rows(`select 1 from user_identities where user_id = '${userId}'`)).length, 1)
  }
})

t.test('revoke against accept: exactly one wins, and the other is told', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const won = { revoke: 0, accept: 0 }
  for (let round = 0; round < 100; round++) {
    const { id, userId, link, address } = await invited(service, round)
    const browser = await browserAtConsent(service, link, address)
    const accept = () => browser.post(link, { choice: 'accept' })
    const revoke = () => service.api('POST', `/invitations/${id}/revoke`)
    const isRevokeFirst = round % 2 === 0
    const [page, answer] = isRevokeFirst
      ? (await inTurn(lockOf(userId), revoke, accept)).reverse()
      : await inTurn(lockOf(userId), accept, revoke)
    const seen = `${outcome(page as Page)}, ${answer?.status}`
    if (seen === '410 revoked, 204') {
      won.revoke += 1
      await ended(t, service, id, 'Revoked', ['invited', 'revoked'])
      t.equal(await stateOf(service, userId), 'PendingAcceptance')
    } else {
      won.accept += 1
      t.equal(seen, `303 ${LANDING}, 400`)
      await ended(t, service, id, 'Completed', ['invited', 'redeemed'])
      t.equal(await stateOf(service, userId), 'Accepted')
    }
  }
  t.strictSame(won, { revoke: 50, accept: 50 }, 'whoever comes first wins')
})

t.test('the expiry job against an acceptance that began in time: exactly one wins', async (t) => {
  const { service, hold } = await startRaces(t)
  for (let round = 0; round < 10; round++) {
    const expiresDateTime = new Date(service.services.clock().getTime() + 300_000).toISOString()
    const { id, userId, link, address } = await invited(service, round, { expiresDateTime })
    const browser = await browserAtConsent(service, link, address)
    const isJobFirst = round % 2 === 0
    // Acceptance locks the guest first, then the invitation: the job comes before or after that second step.
    const held = isJobFirst ? lockOf(userId) : `select 1 from invitations where id = '${id}' for update`
    const { page, expired } = await hold(held, async (waits) => {
      const page = browser.post(link, { choice: 'accept' })
      await waits(1)
      service.advance(600_000)
      return { page: Promise.resolve({ page }), expired: await expireInvitations(service.services) }
    })
    const seen = outcome(await (await page).page)
    await expireInvitations(service.services)
    service.advance(-600_000)
    t.equal(expired, isJobFirst ? 1 : 0)
    t.equal(seen, isJobFirst ? '410 expired' : `303 ${LANDING}`)
    await ended(t, service, id, isJobFirst ? 'Expired' : 'Completed', ['invited', isJobFirst ? 'expired' : 'redeemed'])
  }
})

t.test('deleting the guest against accept: whoever accepted first is out as well', async (t) => {
  const { service, inTurn } = await startRaces(t)
  for (let round = 0; round < 20; round++) {
    const { id, userId, link, address } = await invited(service, round)
    const browser = await browserAtConsent(service, link, address)
    const accept = () => browser.post(link, { choice: 'accept' }).then(outcome)
    const remove = () => service.api('DELETE', `/users/${userId}`).then(({ status }) => status)
    const isDeletedFirst = round % 2 === 0
    const seen = isDeletedFirst
      ? await inTurn<unknown, unknown>(lockOf(userId), remove, accept)
      : await inTurn<unknown, unknown>(lockOf(userId), accept, remove)
    t.strictSame(seen, isDeletedFirst ? [204, '410 revoked'] : [`303 ${LANDING}`, 204])
    await ended(t, service, id, isDeletedFirst ? 'Revoked' : 'Completed', [
      'invited',
      isDeletedFirst ? 'revoked' : 'redeemed',
    ])
    t.equal((await service.api('GET', `/users/${userId}`)).status, 404)
    t.equal(outcome(await browser.get(link)), '410 revoked')
    t.equal((await service.rows(`select 1 from sessions where user_id = '${userId}'`)).length, 0, 'nobody is signed in')
  }
})

t.test('a domain that is closed while somebody accepts: no acceptance comes after the answer', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const put = (policy: object) =>
    service.api('PUT', '/policies/invitationDomainPolicy', policy).then(({ status }) => status)
  for (let round = 0; round < 10; round++) {
    const { userId, link, address } = await invited(service, round)
    const browser = await browserAtConsent(service, link, address)
    const accept = () => browser.post(link, { choice: 'accept' }).then(outcome)
    const close = () => put({ mode: 'blockList', domains: ['partner.example'] })
    const isClosedFirst = round % 2 === 0
    const seen = isClosedFirst
      ? await inTurn<unknown, unknown>(lockOfTenant(service), close, accept)
      : await inTurn<unknown, unknown>(lockOf(userId), accept, close)
    t.strictSame(seen, isClosedFirst ? [200, '403 blocked'] : [`303 ${LANDING}`, 200])
    t.equal(await stateOf(service, userId), isClosedFirst ? 'PendingAcceptance' : 'Accepted')
    await put({ mode: 'any', domains: [] })
  }
})

t.test('a domain that is closed while somebody is invited: no invitation comes after the answer', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const put = (policy: object) =>
    service.api('PUT', '/policies/invitationDomainPolicy', policy).then(({ status }) => status)
  const { userId, address } = await invited(service, 0)
  for (let round = 0; round < 10; round++) {
    const wish = { invitedUserEmailAddress: address, inviteRedirectUrl: LANDING }
    const invite = () => service.api('POST', '/invitations', wish).then(({ status }) => status)
    const close = () => put({ mode: 'blockList', domains: ['partner.example'] })
    const isClosedFirst = round % 2 === 0
    const seen = isClosedFirst
      ? await inTurn(lockOfTenant(service), close, invite)
      : await inTurn(lockOf(userId), invite, close)
    t.strictSame(seen, isClosedFirst ? [200, 403] : [201, 200])
    await put({ mode: 'any', domains: [] })
  }
})

t.test('a domain that is closed while a mail is resent: no mail comes after the answer', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const put = (policy: object) =>
    service.api('PUT', '/policies/invitationDomainPolicy', policy).then(({ status }) => status)
  for (let round = 0; round < 10; round++) {
    const { id, userId } = await invited(service, round)
    const resend = () => service.api('POST', `/invitations/${id}/resend`).then(({ status }) => status)
    const close = () => put({ mode: 'blockList', domains: ['partner.example'] })
    const isClosedFirst = round % 2 === 0
    const seen = isClosedFirst
      ? await inTurn(lockOfTenant(service), close, resend)
      : await inTurn(lockOf(userId), resend, close)
    t.strictSame(seen, isClosedFirst ? [200, 403] : [200, 200])
    const mails = await service.rows(`select 1 from invitation_mails where invitation_id = '${id}'`)
    t.equal(mails.length, isClosedFirst ? 0 : 1)
    await put({ mode: 'any', domains: [] })
  }
})

/** A change of policy ends by raising the version in this row. */
function lockOfTenant(service: TestService): string {
  return `select 1 from tenants where id = '${service.tenantId}' for update`
}

function lockOf(userId: string): string {
  return `select 1 from users where id = '${userId}' for update`
}

async function invited(service: TestService, round: number, wish: Record<string, unknown> = {}) {
  const address = `guest${round}@partner.example`
  const { id, invitedUser, inviteRedeemUrl } = await service.invite(address, wish)
  return { id, userId: invitedUser.id as string, link: inviteRedeemUrl as string, address }
}

function outcome({ status, name, location }: Page): string {
  return `${status} ${name ?? location}`
}

async function ended(t: Test, service: TestService, id: string, status: string, events: string[]): Promise<void> {
  const { body } = await service.api('GET', `/invitations/${id}`)
  t.equal(body.status, status)
  t.strictSame(
    body.history.map(({ event }: { event: string }) => event),
    events,
  )
}

async function stateOf(service: TestService, userId: string): Promise<string> {
  return (await service.api('GET', `/users/${userId}?$select=externalUserState`)).body.externalUserState
}

t.test('a provider that goes against somebody who arrives from it: nobody is signed in by it afterwards', async (t) => {
  const { service, inTurn } = await startRaces(t)
  const { sql } = service.services.database
  for (let round = 0; round < 10; round++) {
    const issuer = `https://login.partner${round}.example`
    const made = await service.api('POST', '/identity/identityProviders', {
      '@odata.type': '#microsoft.graph.oidcIdentityProvider',
      displayName: 'Partner',
      issuer,
      clientId: 'x',
      clientSecret: 'y',
    })
    const { userId } = await invited(service, round)
    await service.rows(`update users set external_user_state = 'Accepted' where id = '${userId}'`)
    await service.rows(`insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
      values ('${service.tenantId}', '${issuer}', 'ana', '${userId}', 'federated')`)
    const arrive = () =>
      arriveByIdentity(sql, service.tenantId, service.services.clock(), {
        issuer,
        subject: 'ana',
        folded: null,
        homeClaims: [],
        method: 'federated',
        session: createHash('sha256').update(issuer).digest(),
        oldSession: null,
        ends: new Date(Date.now() + 3_600_000),
        log: {
          correlationId: service.services.newId(),
          client: '127.0.0.1',
          provider: made.body.id,
          identifier: 'ana',
        },
      }).catch((error: unknown) => (wasRaised(error, 'VS001') ? 'gone' : Promise.reject(error)))
    const remove = () => service.api('DELETE', `/identity/identityProviders/${made.body.id}`)
    // Both want the provider before anything else.
    const held = `select 1 from identity_providers where id = '${made.body.id}' for update`
    const [arrived, removed] =
      round % 2 === 0 ? await inTurn(held, arrive, remove) : (await inTurn(held, remove, arrive)).reverse()
    t.equal((removed as { status: number }).status, 204)
    t.equal(arrived, round % 2 === 0 ? true : 'gone')
    t.same(await service.rows(`select 1 from sessions where user_id = '${userId}'`), [])
    const [user] = await service.rows(
      `select sign_in_sessions_valid_from_date_time as at from users where id = '${userId}'`,
    )
    t.ok(user?.['at'])
  }
})
