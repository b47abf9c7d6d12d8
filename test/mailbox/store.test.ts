import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { pino } from 'pino'
import t from 'tap'
import { createMailboxTransport, findMessage, listMessages, toJson } from '../../src/mailbox/index.js'
import * as tables from '../../src/mailbox/tables.js'
import { connect } from '../../src/platform/database.js'
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js'
import { aMail } from '../platform/mail/a-mail.js'

// The statements of the store are written by hand, so they are held against the tables as declared, on a real server.
const dataDir = await mkdtemp(join(tmpdir(), 'mailbox-'))
const server = await startEmbeddedPostgres({ dataDir, log: pino({ level: 'silent' }) })
const sql = connect(server.connection, 4)
t.teardown(async () => {
  await sql.end()
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})
for (const statement of await generateMigration(generateDrizzleJson({}), generateDrizzleJson(tables))) {
  await sql.unsafe(statement)
}

const earlier = new Date('2026-11-20T10:00:00.123Z')
const later = new Date('2026-11-20T11:00:00Z')
const first = aMail()
const second = aMail({
  id: '0198c2d4-7b11-7c22-8d33-9e44f0a1b2c4',
  from: { name: 'Fabrikam, "Ltd"', address: 'a@vestibule.example' },
  to: { name: 'H. Weber', address: 'H.Weber@Relecloud.example' },
  replyTo: undefined,
  cc: [],
  html: '<a href="https://v.example/?a=1&amp;b=2">x</a>',
})
const send = (mail: typeof first, at: Date) => createMailboxTransport(sql, () => at).send(mail)

t.test('a mail sent twice, even at once, is one message', async (t) => {
  await Promise.all([send(first, earlier), send(first, earlier)])
  await send({ ...first, subject: 'changed' }, later)
  const messages = await listMessages(sql)
  t.equal(messages.length, 1)
  t.equal(messages[0]?.subject, first.subject)
})

t.test('messages are listed newest first, as the JSON promises', async (t) => {
  await send(second, later)
  const messages = (await listMessages(sql)).map(toJson)
  t.same(
    messages.map(({ id }) => id),
    [second.id, first.id],
  )
  t.same(messages[0], {
    id: second.id,
    to: ['H.Weber@Relecloud.example'],
    cc: [],
    from: '"Fabrikam, \\"Ltd\\"" <a@vestibule.example>',
    replyTo: null,
    subject: second.subject,
    html: second.html,
    text: second.text,
    links: ['https://v.example/?a=1&b=2'],
    createdDateTime: '2026-11-20T11:00:00.000Z',
  })
  t.match(messages[1], { cc: ['boss@proseware.example'], replyTo: 'nils.brandt@fabrikam.example' })
})

t.test('the list can be cut down to one recipient, in any case, and to nothing else', async (t) => {
  const ids = async (to: string) => (await listMessages(sql, { to })).map(({ id }) => id)
  t.same(await ids('h.weber@RELECLOUD.example'), [second.id])
  t.same(await ids('weber@relecloud.example'), [])
  t.same(await ids('%'), [])
  t.same(await ids("' or true --"), [])
})

t.test('one message is found by its id', async (t) => {
  const message = await findMessage(sql, first.id)
  t.equal(message?.createdAt.getTime(), earlier.getTime())
  t.equal(message?.headers['Message-ID'], `<${first.id}@vestibule.example>`)
  t.equal(await findMessage(sql, first.tenantId), undefined)
})
