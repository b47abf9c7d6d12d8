import t from 'tap'
import { answerChange, answerCreation, mustMatch, readPreferences, weakEtag } from '../../src/graph/preferences.js'
import { dialect } from './support.js'

t.test('preferences are read as RFC 7240 writes them', async (t) => {
  const cases: [header: string | undefined, preferences: object][] = [
    [undefined, { createIfMissing: false }],
    ['return=minimal', { return: 'minimal', createIfMissing: false }],
    ['Return = "Representation"', { return: 'representation', createIfMissing: false }],
    ['respond-async, return=minimal; x=y, return=representation', { return: 'minimal', createIfMissing: false }],
    ['create-if-missing', { createIfMissing: true }],
    ['return=everything', { createIfMissing: false }],
  ]
  for (const [prefer, preferences] of cases) {
    t.strictSame(readPreferences({ headers: prefer === undefined ? {} : { prefer } }), preferences, `${prefer}`)
  }
})

t.test('changes and creations are answered in the form preferred', async (t) => {
  const entity = { id: '1', '@odata.context': 'x' }
  const app = await dialect((app) => {
    const config = { permission: 'public' as const }
    app.patch('/v1.0/things/1', { config }, (request, reply) => answerChange(request, reply, async () => entity))
    app.post('/v1.0/things', { config }, (request, reply) =>
      answerCreation(request, reply, { location: '/things/1', entity }),
    )
  })
  t.teardown(() => app.close())
  const cases: [method: 'PATCH' | 'POST', prefer: string | undefined, status: number, applied: string | undefined][] = [
    ['PATCH', undefined, 204, undefined],
    ['PATCH', 'return=minimal', 204, 'return=minimal'],
    ['PATCH', 'return=representation', 200, 'return=representation'],
    ['POST', undefined, 201, undefined],
    ['POST', 'return=representation', 201, 'return=representation'],
    ['POST', 'return=minimal', 204, 'return=minimal'],
  ]
  for (const [method, prefer, status, applied] of cases) {
    const url = method === 'PATCH' ? '/v1.0/things/1' : '/v1.0/things'
    const answer = await app.inject({ method, url, headers: prefer === undefined ? {} : { prefer } })
    t.equal(answer.statusCode, status, `${method} ${prefer}`)
    t.equal(answer.headers['preference-applied'], applied)
    t.equal(answer.body, status === 204 ? '' : JSON.stringify(entity))
    if (method === 'POST') t.equal(answer.headers.location, '/things/1')
  }
})

t.test('If-Match lets only the present version through', async (t) => {
  const etag = weakEtag('42')
  const passes = (condition: string | undefined) => {
    try {
      mustMatch({ headers: condition === undefined ? {} : { 'if-match': condition } }, etag)
      return true
    } catch (error) {
      t.match(error, { kind: 'preconditionFailed', code: 'versionChanged' })
      return false
    }
  }
  for (const condition of [undefined, '*', etag, etag.slice(2), `W/"x", ${etag}`])
    t.ok(passes(condition), `${condition}`)
  for (const condition of ['', 'W/"x"', weakEtag('43'), etag.slice(3), '**']) t.notOk(passes(condition), condition)
})
