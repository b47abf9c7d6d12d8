import t from 'tap'
import { type Account, type Standing, standingOf } from '../../src/kernel/standing.js'

const now = new Date('2026-11-21T10:00:00Z')
const at = (text: string) => new Date(text)

const cases: [title: string, account: Account, standing: Standing][] = [
  ['an account without an end', { accountEnabled: true }, 'good'],
  ['one whose end was taken away', { accountEnabled: true, accessEndsAt: null }, 'good'],
  ['one that ends a moment later', { accountEnabled: true, accessEndsAt: at('2026-11-21T10:00:00.001Z') }, 'good'],
  ['one that ends this very moment', { accountEnabled: true, accessEndsAt: now }, 'ended'],
  ['one that ended', { accountEnabled: true, accessEndsAt: at('2026-11-20T10:00:00Z') }, 'ended'],
  ['a disabled one', { accountEnabled: false }, 'disabled'],
  ['a disabled one that ended, too', { accountEnabled: false, accessEndsAt: at('2026-11-20T10:00:00Z') }, 'disabled'],
]
for (const [title, account, standing] of cases) {
  t.test(`${title}: ${standing}`, async (t) => t.equal(standingOf(account, now), standing))
}
