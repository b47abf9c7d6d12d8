import t from 'tap'
import { extendedEnd, MARKS, spanOf } from '../../src/access-end/rules.js'

const now = new Date('2026-11-21T10:00:00Z')
const at = (text: string) => new Date(text)

t.test('which ends a mark is about', async (t) => {
  const [first, last] = MARKS.map((mark) => spanOf(mark, now))
  t.strictSame(first, { after: at('2026-12-02T10:00:00Z'), until: at('2026-12-05T10:00:00Z') })
  t.strictSame(last, { after: now, until: at('2026-11-22T10:00:00Z') }, 'what has ended already needs no reminder')
})

t.test('until when an extension lasts', async (t) => {
  const cases: [title: string, end: Date | null, days: number | null, until: Date | undefined][] = [
    ['days from now', at('2026-11-25T10:00:00Z'), 90, at('2027-02-19T10:00:00Z')],
    ['also after the end', at('2026-11-20T10:00:00Z'), 1, at('2026-11-22T10:00:00Z')],
    ['never shorter than it is', at('2027-11-25T10:00:00Z'), 90, undefined],
    ['nor as long as it is', at('2026-11-22T10:00:00Z'), 1, undefined],
    ['not where sponsors may not', at('2026-11-25T10:00:00Z'), null, undefined],
    ['nothing to extend', null, 90, undefined],
  ]
  for (const [title, end, days, until] of cases) t.strictSame(extendedEnd(end, days, now), until, title)
})
