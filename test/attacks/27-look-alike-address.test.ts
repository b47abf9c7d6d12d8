import { createServer } from 'node:http'
import t from 'tap'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'
import { changesNothing, rowsOf } from './scene.js'

const wish = (invitedUserEmailAddress: string, more: object = {}) => ({
  invitedUserEmailAddress,
  inviteRedirectUrl: 'https://app.example/',
  ...more,
})

t.test('an address that only looks like another one is another one, or none', async (t) => {
  const service = await startService(t, { workers: false })
  const policy = { mode: 'allowList', domains: ['partner.example'] }
  t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', policy)).status, 200)
  await changesNothing(t, service, async () => {
    const others: [string, number, string][] = [
      ['ana@p\u0430rtner.example', 403, 'Cyrillic a in the domain'],
      ['ana@partner.ex\u0430mple', 403, 'in the last label'],
      ['ana@partn\u00e9r.example', 403, 'an accent'],
      ['\uff41\uff4e\uff41@partner.example', 400, 'full-width letters before the @'],
      ['\u212aim@partner.example', 400, 'the Kelvin sign'],
      ['ana\u200b@partner.example', 400, 'zero width space'],
      ['an\u0430@partner.example', 400, 'Cyrillic a before the @'],
      ['ana@partner\u3002example', 400, 'ideographic full stop'],
      ['ana@partner\uff0eexample', 400, 'full-width full stop'],
      ['ana\uff20partner.example', 400, 'full-width @'],
      ['ana@partner.example\u202e', 400, 'direction override'],
    ]
    for (const [address, status, how] of others) {
      t.equal((await service.api('POST', '/invitations', wish(address))).status, status, how)
    }
  })
})

t.test('what policies judge is where the mail goes', async (t) => {
  const posted: string[] = []
  const sendgrid = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      posted.push(Buffer.concat(chunks).toString())
      response.writeHead(202).end()
    })
  })
  await new Promise<void>((resolve) => sendgrid.listen(0, '127.0.0.1', resolve))
  t.teardown(() => sendgrid.close())
  const address = sendgrid.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const service = await startService(t, {
    env: {
      MAIL_TRANSPORT: 'sendgrid',
      MAIL_FROM: 'Contoso <guests@contoso.example>',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_BASE_URL: `http://127.0.0.1:${port}`,
    },
  })
  // Each of these is partner.example to who folds compatibility characters, and a foreign domain to who does not.
  const spellings = [
    'ana@\uff50artner.example',
    'ana@par\u00adtner.example',
    'ana@\u24d5artner.example',
    'ana@Bücher.example',
  ]
  const taken: string[] = []
  for (const spelling of spellings) {
    const answer = await service.api('POST', '/invitations', wish(spelling, { sendInvitationMessage: true }))
    if (answer.status === 201) taken.push(spelling)
    else t.equal(answer.status, 400, spelling)
  }
  t.ok(taken.includes('ana@Bücher.example'), 'international names are welcome')
  await until(() => posted.length >= taken.length)
  const judged = (await rowsOf(service, 'select address_folded from invitations')).map((row) => row['address_folded'])
  const sent = posted.map((body) => JSON.parse(body).personalizations[0].to[0].email.toLowerCase())
  t.strictSame(sent.sort(), judged.sort())
})
