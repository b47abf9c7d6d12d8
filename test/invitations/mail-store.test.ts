import t from 'tap'
import { recordDeliveryEvents } from '../../src/invitations/index.js'
import { startService } from '../support/service.js'

t.test('what becomes of a mail is written once, however often and late workers say it', async (t) => {
  const service = await startService(t, { workers: false })
  const { mailStore, clock } = service.services
  const { tenantId } = service

  async function queued(address: string) {
    const { id } = await service.invite(address, { sendInvitationMessage: true })
    const [mail] = await service.rows(`select id from invitation_mails where invitation_id = '${id}'`)
    const mailId: string = mail?.['id']
    return {
      id,
      mailId,
      load: () => mailStore.load(tenantId, mailId, id),
      finish: (state: 'sent' | 'deferred' | 'failed', retryInMs: number | null = null) =>
        mailStore.finish(tenantId, clock(), {
          mailId,
          invitationId: id,
          state,
          reason: null,
          providerMessageId: null,
          retryInMs,
        }),
      report: (event: 'delivered' | 'bounced') =>
        recordDeliveryEvents(service.services, [{ mailId, tenantId, event, at: clock(), eventId: event }]),
      read: async () => {
        const { body } = await service.api('GET', `/invitations/${id}`)
        return [body.delivery.state, body.sentCount, body.history.map(({ event }: { event: string }) => event).join()]
      },
    }
  }

  await t.test('sent twice counts once', async (t) => {
    const mail = await queued('ana@partner.example')
    await Promise.all([mail.finish('sent'), mail.finish('sent')])
    await mail.finish('sent')
    t.strictSame(await mail.read(), ['sent', 1, 'invited,sent'])
  })

  await t.test('a mail that was dealt with is not loaded again', async (t) => {
    const mail = await queued('bo@partner.example')
    t.ok(await mail.load())
    await mail.finish('sent')
    t.equal(await mail.load(), undefined)
  })

  await t.test('a slow worker that failed does not undo what a second one sent', async (t) => {
    const mail = await queued('cy@partner.example')
    await mail.finish('sent')
    await mail.finish('deferred', 1_000)
    t.strictSame(await mail.read(), ['sent', 1, 'invited,sent'])
    await mail.finish('failed')
    t.strictSame(await mail.read(), ['sent', 1, 'invited,sent'])
  })

  await t.test('a report that overtakes the record of the sending stays', async (t) => {
    const mail = await queued('dee@partner.example')
    await mail.report('delivered')
    await mail.finish('sent')
    t.strictSame(await mail.read(), ['delivered', 1, 'invited,delivered,sent'])
    t.match(await service.rows(`select state from invitation_mails where id = '${mail.mailId}'`), [
      { state: 'delivered' },
    ])
  })

  await t.test('a history that is full still shows the delivery', async (t) => {
    const mail = await queued('eve@partner.example')
    await service.rows(
      `update invitations set history = (select jsonb_agg(line.entry) from (select history->0 as entry from generate_series(1, 200)) line) where id = '${mail.id}'`,
    )
    await mail.finish('sent')
    await mail.report('bounced')
    const [state, sentCount, history] = await mail.read()
    t.strictSame([state, sentCount], ['bounced', 1])
    t.equal(history.split(',').length, 200)
  })
})
