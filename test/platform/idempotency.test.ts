import t from 'tap'
import { uuidv7 } from '../../src/kernel/ids.js'
import { openDatabase } from '../../src/platform/database.js'
import { idempotentRequest } from '../../src/platform/idempotency/request.js'
import { claimKey, findKey, purgeKeys } from '../../src/platform/idempotency/store.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { freshDatabase } from '../support/engines.js'

const tenantId = uuidv7(1)
const owner = { tenantId, clientId: uuidv7(2), objectId: uuidv7(3) }
const start = new Date('2026-11-21T10:00:00Z')
const later = (hours: number) => new Date(start.getTime() + hours * 3_600_000)

function request(key: string, body: unknown = {}, change = {}) {
  const made = idempotentRequest({ ...owner, ...change }, '/invitations', key, body)
  if (!made) throw new Error('a key makes a request')
  return made
}

t.test('a key is bound to who sends it, where to, and kept only as a hash', async (t) => {
  const same = request('k')
  t.ok(same.keyHash.equals(request('k').keyHash))
  for (const change of [{ tenantId: uuidv7(9) }, { clientId: uuidv7(9) }, { objectId: uuidv7(9) }])
    t.notOk(same.keyHash.equals(request('k', {}, change).keyHash))
  t.notOk(same.keyHash.equals(request('l').keyHash))
  t.notOk(same.keyHash.equals(idempotentRequest(owner, '/users', 'k', {})?.keyHash ?? Buffer.alloc(0)))
  t.ok(same.keyHash.equals(request('k', { other: 'body' }).keyHash))
  t.notOk(same.requestHash.equals(request('k', { other: 'body' }).requestHash))
  t.equal(idempotentRequest(owner, '/invitations', undefined, {}), undefined)
})

t.test('claiming keys', async (t) => {
  const { connection } = await freshDatabase(migrateDatabase)
  const database = openDatabase(connection)
  t.teardown(() => database.close())
  const claim = (key: string, resource: string, at = start, body: unknown = {}) =>
    database.withTenant(tenantId, (scope) => claimKey(scope, request(key, body), resource, at))

  await t.test('the first has it, the second learns what the first made and whether it asked the same', async (t) => {
    const [a, b] = [uuidv7(10), uuidv7(11)]
    t.equal(await claim('one', a), undefined)
    t.strictSame(await claim('one', b), { resourceId: a, sameRequest: true })
    t.strictSame(await claim('one', b, start, { other: true }), { resourceId: a, sameRequest: false })
  })

  await t.test('of ten at once one has it, and the others wait for what it made', async (t) => {
    const ids = Array.from({ length: 10 }, (_, n) => uuidv7(20 + n))
    const answers = await Promise.all(ids.map((id) => claim('two', id)))
    t.equal(answers.filter((answer) => answer === undefined).length, 1)
    const winner = ids[answers.indexOf(undefined)]
    t.ok(answers.every((answer) => answer === undefined || answer.resourceId === winner))
  })

  await t.test('a claim whose transaction fails is none', async (t) => {
    const failing = database.withTenant(tenantId, async (scope) => {
      await claimKey(scope, request('three'), uuidv7(40), start)
      throw new Error('for the test')
    })
    await t.rejects(failing)
    t.equal(await claim('three', uuidv7(41)), undefined)
  })

  await t.test('after 24 hours a key is free, looked for or claimed', async (t) => {
    await claim('four', uuidv7(50))
    const find = (at: Date) => database.withTenant(tenantId, (scope) => findKey(scope, request('four'), at))
    t.match(await find(later(23.9)), { resourceId: uuidv7(50).slice(0, 13) })
    t.equal(await find(later(24)), undefined)
    t.match(await claim('four', uuidv7(51), later(23.9)), { sameRequest: true })
    t.equal(await claim('four', uuidv7(51), later(24)), undefined)
  })

  await t.test('old keys are forgotten, a number at a time, and young ones are not', async (t) => {
    const purge = (most: number) => database.withTenant(tenantId, (scope) => purgeKeys(scope, later(25), most))
    await claim('young', uuidv7(60), later(24.5))
    t.equal(await purge(2), 2)
    const rest = await purge(1_000)
    t.ok(rest > 0)
    t.equal(await purge(1_000), 0)
    t.match(await claim('young', uuidv7(61), later(25)), { sameRequest: true })
  })
})
