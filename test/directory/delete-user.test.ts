import t from 'tap'
import { ROLES } from '../../src/policies/index.js'
import { Guest } from '../support/guest.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('deleting users', async (t) => {
  const service = await startService(t)
  const remove = (id: string, options = {}) => service.api('DELETE', `/users/${id}`, undefined, options)

  await t.test('a deleted guest is gone at once: unread, unlisted, links dead, signed out', async (t) => {
    const made = await service.invite('ana@partner.example')
    const again = await service.invite('ana@partner.example')
    const id: string = made.invitedUser.id
    const browser = new Guest()
    await browser.signIn(service, made.inviteRedeemUrl, 'ana@partner.example')
    const answer = await remove(id)
    t.equal(answer.status, 204)
    t.equal(answer.text, '')
    t.equal((await service.api('GET', `/users/${id}`)).status, 404)
    t.equal((await service.api('GET', '/users/ana_partner.example%23EXT%23@contoso.example')).status, 404)
    t.strictSame(
      (await service.api('GET', `/users?$filter=${encodeURIComponent("mail eq 'ana@partner.example'")}`)).body.value,
      [],
    )
    for (const link of [made.inviteRedeemUrl, again.inviteRedeemUrl]) {
      t.equal((await browser.get(link)).status, 410)
      t.equal((await browser.post(link, { choice: 'accept' })).status, 410)
    }
    t.equal((await service.rows(`select * from sessions where user_id = '${id}'`)).length, 0)
    t.equal((await service.api('GET', `/invitations/${made.id}`)).body.status, 'Revoked')
    t.equal((await remove(id)).status, 404, 'deleting twice')
    t.equal((await service.api('PATCH', `/users/${id}`, { jobTitle: 'x' })).status, 404)
    t.match(
      await service.rows(
        `select user_principal_name, deleted_date_time is not null as deleted from users where id = '${id}'`,
      ),
      [{ user_principal_name: `${id.replaceAll('-', '')}ana_partner.example#EXT#@contoso.example`, deleted: true }],
    )
  })

  await t.test('inviting the address again makes a new guest, and the old links stay dead', async (t) => {
    const first = await service.invite('bo@partner.example')
    await remove(first.invitedUser.id)
    const second = await service.invite('bo@partner.example')
    t.not(second.invitedUser.id, first.invitedUser.id)
    t.equal(
      (await service.api('GET', `/users/${second.invitedUser.id}`)).body.userPrincipalName,
      'bo_partner.example#EXT#@contoso.example',
    )
    const landed = await new Guest().accept(service, second.inviteRedeemUrl, 'bo@partner.example')
    t.equal(landed.status, 303)
    t.equal((await new Guest().get(first.inviteRedeemUrl)).status, 410)
  })

  await t.test('who may delete whom', async (t) => {
    const users = await person(service, 'uma', { role: ROLES.userAdministrator })
    const member = await person(service, 'mia')
    const as = async (id: string) => ({ token: await service.userToken(id, ['User.ReadWrite.All']) })
    t.equal((await remove(member, await as(member))).status, 403)
    t.equal((await remove(service.adminId)).status, 403, 'an application deletes no administrator')
    t.equal((await remove(service.adminId, await as(users))).status, 403)
    t.equal((await remove(member, await as(users))).status, 204)
    t.equal((await remove(users, await as(service.adminId))).status, 204)
  })
})
