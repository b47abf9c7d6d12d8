import fc from 'fast-check'
import t from 'tap'
import { isSnapshot, isVisible, oldestUnseen, shortened } from '../../src/platform/changes/snapshot.js'
import { startService } from '../support/service.js'

t.test('a snapshot says what could be seen', async (t) => {
  const cases: [number, string, boolean][] = [
    [9, '10:20:12,15', true],
    [10, '10:20:10,15', false],
    [11, '10:20:10,15', true],
    [15, '10:20:10,15', false],
    [19, '10:20:10,15', true],
    [20, '10:20:10,15', false],
    [21, '10:20:', false],
    [19, '10:20:', true],
    // A listed number that begins like another one.
    [1, '1:20:15', true],
    [5, '1:20:15', true],
  ]
  for (const [xid, snapshot, visible] of cases) t.equal(isVisible(xid, snapshot), visible, `${xid} in ${snapshot}`)
  t.equal(oldestUnseen('10:20:12,15'), '10')
})

t.test('one that is too long to travel tells more again, never less', async (t) => {
  const listed = Array.from({ length: 200 }, (_, n) => 100 + n * 2)
  const snapshot = `100:600:${listed.join(',')}`
  const short = shortened(snapshot)
  t.equal(short, '100:100:')
  for (let xid = 90; xid < 610; xid++) if (isVisible(xid, short)) t.ok(isVisible(xid, snapshot), String(xid))
  t.equal(shortened('10:20:12,15'), '10:20:12,15')
})

t.test('only what PostgreSQL can read passes for one', async (t) => {
  for (const text of ['1:1:', '10:20:12,15']) t.ok(isSnapshot(text), text)
  for (const text of ['', '1:2', '1:2:3,', "1:2:'", 'a:b:c', 7, null, undefined])
    t.notOk(isSnapshot(text), String(text))
})

t.test('PostgreSQL means the same', async (t) => {
  const { services } = await startService(t, { workers: false })
  const snapshots = fc.uniqueArray(fc.integer({ min: 100, max: 160 }), { maxLength: 12 }).map((listed) => {
    const sorted = listed.sort((a, b) => a - b)
    return `${sorted[0] ?? 161}:161:${sorted.join(',')}`
  })
  await fc.assert(
    fc.asyncProperty(snapshots, fc.integer({ min: 95, max: 165 }), async (snapshot, xid) => {
      const [row] = await services.database.sql`
        select pg_visible_in_snapshot(${String(xid)}::xid8, ${snapshot}::pg_snapshot) as visible`
      return row?.['visible'] === isVisible(xid, snapshot)
    }),
    { numRuns: 300 },
  )
})
