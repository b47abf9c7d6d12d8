import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import { invited } from '../../attacks/scene.js'
import { accountPage, proved, stepOf, withoutPasscodes } from './local.js'

t.setTimeout(900_000)

const LEAKED = 'correct horse'
const FINE = 'k7#mQz!p'
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

/** A list of leaked passwords: what it was asked, and what it answers. */
async function startList(t: Test) {
  const asked: IncomingMessage[] = []
  const list = { status: 200, lines: [`${sha1(LEAKED).slice(5)}:7`, `${sha1(FINE).slice(5)}:0`] }
  const server = createServer((request, response) => {
    asked.push(request)
    response.statusCode = list.status
    response.end(list.lines.join('\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return { asked, list, url: `http://127.0.0.1:${address.port}/range/` }
}

t.test('a new password is looked up by five letters of its hash, and padding counts for nothing', async (t) => {
  const { asked, list, url } = await startList(t)
  const service = await withoutPasscodes(t, { env: { VESTIBULE_BREACHED_PASSWORDS_URL: url } })
  const ana = await invited(service, 'ana@partner.example')
  const page = accountPage(ana)
  const guest = await proved(service, ana)
  t.match((await guest.get(page)).html, 'At least 8 characters')

  const leaked = await guest.post(page, { password: LEAKED, again: LEAKED })
  t.equal(leaked.status, 422)
  t.match(leaked.html, 'was in a data leak')
  t.equal(asked.length, 1)
  t.equal(asked[0]?.url, `/range/${sha1(LEAKED).slice(0, 5)}`, 'nothing else leaves')
  t.equal(asked[0]?.headers['add-padding'], 'true')

  t.equal((await guest.post(page, { password: 'seven77', again: 'seven77' })).status, 422)
  t.equal((await guest.post(page, { password: 'ana@partner.example', again: 'ana@partner.example' })).status, 422)
  t.equal(asked.length, 1, 'what would not do anyway is not asked for')

  list.status = 503
  const unknown = await guest.post(page, { password: FINE, again: FINE })
  t.equal(unknown.status, 422)
  t.match(unknown.html, 'at least 12 characters', 'when the list is down, length decides')
  list.status = 200
  t.equal(
    (await guest.post(page, { password: FINE, again: FINE })).status,
    303,
    'a line that was never seen is padding',
  )
})

t.test('without a configured list nothing leaves', async (t) => {
  const service = await withoutPasscodes(t)
  const calls: string[] = []
  service.services.egress.get = async (url) => {
    calls.push(url)
    throw new Error('no call was expected')
  }
  const ana = await invited(service, 'ana@partner.example')
  const guest = await proved(service, ana)
  const page = accountPage(ana)
  t.match(await guest.post(page, { password: LEAKED, again: LEAKED }), { status: 303 })
  t.strictSame(calls, [])
  t.equal(stepOf(await guest.get(ana.link)), 'consent')
})
