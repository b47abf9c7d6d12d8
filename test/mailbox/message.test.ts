import t from 'tap'
import { linksIn, rawMessage, toJson } from '../../src/mailbox/index.js'

const message = {
  id: '0198c2d4-7b11-7c22-8d33-9e44f0a1b2c3',
  tenantId: '0198c2d4-51f0-7c3e-9b1a-6f2d8e4a7c10',
  to: ['g@proseware.example'],
  cc: [],
  from: 'Vestibule on behalf of Fabrikam <invitations@vestibule.example>',
  replyTo: null,
  subject: 'Grüße',
  html: '<p><a class="a" href="https://v.example/redeem?tenant=1&amp;ticket=2">Accept</a> <a href="mailto:a@b.example">Mail</a> <a href="https://v.example/redeem?tenant=1&amp;ticket=2">again</a></p>',
  text: 'Accept:\nhttps://v.example/redeem?tenant=1&ticket=2\n\nThen:\nhttps://land.example/\nSee https:\u200c//evil.\u200cexample/ or ftp://x\n',
  headers: { 'Message-ID': '<1@vestibule.example>', 'List-Unsubscribe': '<https://v.example/block>' },
  createdAt: new Date('2026-11-20T10:35:00.123Z'),
}

t.test('a message is published with exactly these properties', async (t) => {
  t.same(toJson(message), {
    id: message.id,
    to: ['g@proseware.example'],
    cc: [],
    from: 'Vestibule on behalf of Fabrikam <invitations@vestibule.example>',
    replyTo: null,
    subject: 'Grüße',
    html: message.html,
    text: message.text,
    links: ['https://v.example/redeem?tenant=1&ticket=2', 'https://land.example/'],
    createdDateTime: '2026-11-20T10:35:00.123Z',
  })
})

t.test('links come once each, those of the HTML part first, and only where a client would link', async (t) => {
  t.same(linksIn(message), ['https://v.example/redeem?tenant=1&ticket=2', 'https://land.example/'])
  t.same(linksIn({ html: '<a href="javascript:alert(1)">x</a><link href="https://css.example">', text: 'none' }), [])
})

t.test('the raw form is a message with both parts and its headers', async (t) => {
  const raw = (await rawMessage(message)).toString()
  t.match(raw, /^From: Vestibule on behalf of Fabrikam <invitations@vestibule\.example>\r$/m)
  t.match(raw, /^To: g@proseware\.example\r$/m)
  t.match(raw, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=\r$/m)
  t.match(raw, /^Message-ID: <1@vestibule\.example>\r$/m)
  t.match(raw, /^List-Unsubscribe: <https:\/\/v\.example\/block>\r$/m)
  t.match(raw, /^Date: Fri, 20 Nov 2026 10:35:00 \+0000\r$/m)
  t.match(raw, 'multipart/alternative')
})
