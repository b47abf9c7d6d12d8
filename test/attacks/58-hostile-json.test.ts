import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited } from './scene.js'

const start = `"invitedUserEmailAddress":"bo@partner.example","inviteRedirectUrl":"https://app.example/"`

t.test('no body reaches a prototype, hides a property behind another or carries what text cannot', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const bodies: Record<string, string> = {
    __proto__: `{${start},"__proto__":{"sendInvitationMessage":true}}`,
    '__proto__ inside': `{${start},"invitedUserMessageInfo":{"__proto__":{"customizedMessageBody":"x"}}}`,
    constructor: `{${start},"constructor":{"prototype":{"isAdmin":true}}}`,
    'escaped __proto__': `{${start},"\\u005f\\u005fproto__":{"a":1}}`,
    prototype: `{${start},"prototype":{"a":1}}`,
    'two spellings': `{${start},"inviteredirecturl":"https://evil.example/"}`,
    'NUL in a name': `{${start},"invitedUserDisplayName":"a\\u0000b"}`,
    'NUL in a message': `{${start},"invitedUserMessageInfo":{"customizedMessageBody":"\\u0000"}}`,
    'half a surrogate pair': `{${start},"invitedUserDisplayName":"\\ud800"}`,
    'the other half': `{${start},"invitedUserDisplayName":"\\udc00x"}`,
    'half a pair as property': `{${start},"\\ud800":1}`,
    'NUL as property': `{${start},"\\u0000":1}`,
    'a list instead': `[{${start}}]`,
    'text instead': `"${'x'.repeat(10)}"`,
    'a number instead': '1',
    nothing: 'null',
    'a thousand levels': `{${start},"x@y":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
    'many levels of objects': `{${start},"invitedUserMessageInfo":${'{"a":'.repeat(500)}1${'}'.repeat(500)}}`,
    'a huge number': `{${start},"sendInvitationMessage":1e999}`,
    'a list as address': `{"invitedUserEmailAddress":["bo@partner.example"],"inviteRedirectUrl":"https://app.example/"}`,
    'an object as address': `{"invitedUserEmailAddress":{"toString":"x"},"inviteRedirectUrl":"https://app.example/"}`,
    'not closed': `{${start}`,
    'more behind it': `{${start}}{}`,
    comment: `{${start}/* */}`,
    'wrong encoding': Buffer.from(`{${start},"invitedUserDisplayName":"x"}`, 'utf16le').toString('latin1'),
    '65 kB': `{${start},"invitedUserDisplayName":"${'x'.repeat(66_000)}"}`,
  }
  await changesNothing(t, service, async () => {
    for (const [how, body] of Object.entries(bodies)) {
      const answer = await service.api('POST', '/invitations', body)
      t.equal(answer.status, how === '65 kB' ? 413 : 400, how)
      t.ok(answer.body.error.code, 'in the shape of the dialect')
      const patch = await service.api('PATCH', `/users/${ana.userId}`, body)
      t.ok(patch.status === 400 || patch.status === 413, `${how}: ${patch.status}`)
    }
  })
  t.equal(Reflect.get({}, 'isAdmin'), undefined)
  t.equal(Reflect.get({}, 'sendInvitationMessage'), undefined)
})

t.test('of a name given twice, what was checked is what is written', async (t) => {
  const service = await startService(t, { workers: false })
  const twice = `{${start},"inviteRedirectUrl":"javascript:alert(1)"}`
  await changesNothing(t, service, async () => {
    t.equal((await service.api('POST', '/invitations', twice)).status, 400, 'the last one counts, and is looked at')
  })
  const harmless = `{"inviteRedirectUrl":"javascript:alert(1)",${start}}`
  const answer = await service.api('POST', '/invitations', harmless)
  if (answer.status === 201) t.equal(answer.body.inviteRedirectUrl, 'https://app.example/')
  else t.equal(answer.status, 400)
})

t.test('NUL and broken text in addresses, headers and forms stop at the door', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  await changesNothing(t, service, async () => {
    for (const path of [
      '/users/%00',
      `/users/${ana.userId}%00`,
      '/invitations/%00',
      `/users?$filter=mail eq '%00'`,
      `/users?$filter=mail eq '%ED%A0%80'`,
      '/users/%ff',
      '/users/%',
      '/users?$skiptoken=%00',
    ]) {
      const { status } = await service.api('GET', path)
      t.ok(status === 400 || status === 404 || status === 200, `${status} ${path}`)
      t.ok(status < 500)
    }
    for (const query of ['%00', '%ff', '%ED%A0%80']) {
      for (const url of [`${ana.link}&x=${query}`, ana.link.replace('ticket=', `ticket=${query}`)]) {
        const { status } = await fetch(url)
        t.ok(status < 500, `${status} ${query}`)
      }
    }
    const blocks = `${service.baseUrl}/signin/blocks?tenant=${service.tenantId}`
    const first = await fetch(blocks)
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const csrf = /name="csrf" value="([^"]+)"/.exec(await first.text())?.[1] ?? ''
    for (const field of [
      'email=%00@partner.example',
      'email=a%ED%A0%80@b.example',
      'code=%00',
      'unblock=%00',
      '__proto__=x',
    ]) {
      const answer = await fetch(blocks, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: `csrf=${csrf}&${field}`,
        redirect: 'manual',
      })
      t.ok(answer.status < 500, `${answer.status} ${field}`)
    }
  })
})
