import t from 'tap'
import { quote, wrap } from '../../../src/platform/mail/plain-text.js'

const widths = (text: string) => text.split('\n').map((line) => line.length)

t.test('lines are filled up to 76 columns and no further', async (t) => {
  const text = wrap('word '.repeat(40))
  t.same(widths(text), [74, 74, 49])
  t.equal(wrap(`${'x'.repeat(37)} ${'y'.repeat(38)}`).includes('\n'), false)
  t.equal(wrap(`${'x'.repeat(37)} ${'y'.repeat(39)}`).includes('\n'), true)
})

t.test('a word wider than a line stays whole', async (t) => {
  const long = 'x'.repeat(300)
  t.equal(wrap(`a ${long} b`), `a\n${long}\nb`)
})

t.test('characters that fill two columns are counted as two', async (t) => {
  const lines = wrap('招待'.repeat(50)).split('\n')
  t.same(
    lines.map((line) => line.length),
    [38, 38, 24],
  )
})

t.test('no Japanese line begins with a full stop or ends with an opening bracket', async (t) => {
  const text = wrap(`${'あ'.repeat(38)}。${'い'.repeat(36)}「う」${'え'.repeat(10)}`)
  t.notMatch(text, /\n[。」]|「\n/)
})

t.test('characters without a width take no room', async (t) => {
  const accented = 'e\u0301\u200c'.repeat(76)
  t.equal(wrap(`${accented} x`), `${accented}\nx`)
  t.equal(wrap(`${'e\u0301'.repeat(70)} words`).includes('\n'), false)
})

t.test('every line of a quotation is marked, so none passes for ours', async (t) => {
  const text = quote(['-- ', '', 'Accept invitation:', 'long '.repeat(30)])
  t.ok(text.split('\n').every((line) => line.startsWith('>')))
  t.ok(Math.max(...widths(text)) <= 76)
})

// In proportion to its length: with the square of it, this would take longer than a test file may.
t.test('wrapping a very long text ends', async (t) => {
  t.match(wrap('x'.repeat(4_000_000)), 'xxx')
  t.match(wrap('招'.repeat(800_000)), '招')
  t.match(wrap('a '.repeat(2_000_000)), 'a a')
})
