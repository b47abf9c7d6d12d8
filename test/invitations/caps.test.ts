import t from 'tap'
import { updateTenant } from '../../src/tenants/index.js'
import { person } from '../support/people.js'
import { startService } from '../support/service.js'

t.test('mails are capped, invitations are not', async (t) => {
  const service = await startService(t, { workers: false })
  const { services, tenantId } = service
  const settings = async (change: Record<string, number | null>) => {
    await updateTenant(services.database.orm, tenantId, { settings: change })
    services.tenants.forget(tenantId)
  }
  const mailsTo = async (address: string) =>
    (await service.rows(`select count(*)::int as n from invitation_mails where recipient_folded = '${address}'`))[0]?.[
      'n'
    ]
  const sending = { sendInvitationMessage: true }

  await t.test('over the cap of the recipient: 201, and delivery says why', async (t) => {
    await settings({ mailsPerRecipientAndDay: 2 })
    await service.invite('ana@partner.example', sending)
    await service.invite('ANA@partner.example', sending)
    const third = await service.invite('ana@partner.example', sending)
    t.match(third.delivery, { state: 'suppressed', reason: 'recipientLimit' })
    t.match((await service.api('GET', `/invitations/${third.id}`)).body, {
      status: 'PendingAcceptance',
      delivery: { state: 'suppressed', reason: 'recipientLimit' },
    })
    t.equal(await mailsTo('ana@partner.example'), 2)
    const quiet = await service.invite('ana@partner.example')
    t.notOk('delivery' in quiet, 'who asked for no mail is told of none')
    await service.rows("update invitation_mails set created_date_time = created_date_time - interval '24 hours'")
    t.notOk('delivery' in (await service.invite('ana@partner.example', sending)), 'a day later there is room again')
    await settings({ mailsPerRecipientAndDay: 10 })
  })

  await t.test('forty at once to one address send ten mails', async (t) => {
    // Two statements of a process, and those of other processes, run side by side: they must count each other's.
    await Promise.all(Array.from({ length: 40 }, () => service.invite('bo@partner.example', sending)))
    t.equal(await mailsTo('bo@partner.example'), 10)
    t.match(
      await service.rows("select count(*)::int as n from invitations where address_folded = 'bo@partner.example'"),
      [{ n: 40 }],
    )
  })

  await t.test('forty at once of one person send as many as the person may', async (t) => {
    await settings({ mailsPerInviterAndDay: 15 })
    const inviter = await person(service, 'inga')
    const token = await service.userToken(inviter, ['User.Invite.All'])
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        service.api(
          'POST',
          '/invitations',
          { invitedUserEmailAddress: `c${n}@partner.example`, inviteRedirectUrl: 'https://app.example', ...sending },
          { token },
        ),
      ),
    )
    t.ok(answers.every(({ status }) => status === 201))
    t.equal(answers.filter(({ body }) => body.delivery?.reason === 'inviterLimit').length, 25)
    t.match(await service.rows(`select count(*)::int as n from invitation_mails where inviter_id = '${inviter}'`), [
      { n: 15 },
    ])
    await settings({ mailsPerInviterAndDay: 200 })
  })

  await t.test('an application is capped only where the organization says so', async (t) => {
    await settings({ mailsPerApplicationAndDay: 0 })
    t.match((await service.invite('dee@partner.example', sending)).delivery, {
      state: 'suppressed',
      reason: 'inviterLimit',
    })
    await settings({ mailsPerApplicationAndDay: null })
    t.notOk('delivery' in (await service.invite('dee@partner.example', sending)))
  })

  await t.test('inviting and resending by one person never wait for each other in a circle', async (t) => {
    const inviter = await person(service, 'otto')
    const token = await service.userToken(inviter, ['User.Invite.All', 'User.ReadWrite.All'])
    const wish = (n: number) => ({
      invitedUserEmailAddress: `e${n}@partner.example`,
      inviteRedirectUrl: 'https://app.example',
    })
    const guests = [0, 1, 2, 3]
    const made = await Promise.all(guests.map((n) => service.api('POST', '/invitations', wish(n), { token })))
    for (let round = 0; round < 15; round++) {
      await service.rows("update invitation_mails set created_date_time = created_date_time - interval '2 minutes'")
      const answers = await Promise.all(
        guests.flatMap((n) => [
          service.api('POST', `/invitations/${made[n]?.body.id}/resend`, undefined, { token }),
          service.api('POST', '/invitations', { ...wish(n), ...sending }, { token }),
          service.api(
            'POST',
            '/invitations',
            { ...wish(n), ...sending, invitedUser: { id: made[n]?.body.invitedUser.id } },
            { token },
          ),
        ]),
      )
      const unexpected = answers.filter(({ status }) => ![200, 201, 429].includes(status)).map(({ text }) => text)
      t.strictSame(unexpected, [], `round ${round}`)
      if (unexpected.length > 0) break
      await service.rows('delete from invitation_mails')
    }
  })
})
