import t from 'tap'
import {
  initials,
  isolated,
  oneLine,
  quotedLines,
  shownName,
  withoutAutoLinks,
  withoutCodes,
} from '../../../src/platform/mail/names.js'

const lines: { given: string; becomes: string; title: string }[] = [
  { title: 'line breaks', given: 'Fabrikam\r\nBcc: all@evil.example', becomes: 'Fabrikam Bcc: all@evil.example' },
  { title: 'Unicode line breaks', given: 'a\u2028b\u2029c\u0085d\ve', becomes: 'a b c d e' },
  { title: 'other control characters', given: 'a\u0000b\u001bc\u007f', becomes: 'a b c' },
  { title: 'direction overrides', given: '\u202emoc.live\u202c \u2066x\u2069\u200f', becomes: 'moc.live x' },
  { title: 'invisible fillers', given: 'Fab\u200brik\u2060am\ufeff\u00ad\u{e0041}', becomes: 'Fabrikam' },
  { title: 'half of a pair', given: 'a\ud800b', becomes: 'a\ufffdb' },
]
for (const { title, given, becomes } of lines) {
  t.test(`${title} do not survive in one line`, async (t) => {
    t.equal(oneLine(given), becomes)
  })
}

t.test('joiners and emoji that names need stay', async (t) => {
  for (const name of ['می\u200cخواهم', 'क्\u200dष', '👩\u200d💻', '❤\ufe0f', '葛\u{e0100}城'])
    t.equal(oneLine(name), name)
})

t.test('a long name ends in an ellipsis, and no character is cut in two', async (t) => {
  t.equal(shownName('x'.repeat(120)), 'x'.repeat(120))
  t.equal(shownName('😀'.repeat(121)), `${'😀'.repeat(119)}…`)
})

// What the linkers of mail clients look for.
const LINKED = /https?:\/\/|www\.[a-z]|[a-z0-9]\.[a-z]{2,}|[^\s@]@[a-z0-9]/i
const tempting = [
  'https://evil.example/x',
  'evil.example',
  'WWW.Evil.Example',
  'me@evil.example',
  'ftp://evil.example',
  'пример.рф',
  'xn--e1afmkfd.xn--p1ai',
]
for (const text of tempting) {
  t.test(`${text} reads the same and is no link`, async (t) => {
    const shown = withoutAutoLinks(`See ${text} today`)
    t.notMatch(shown, LINKED)
    t.equal(shown.replaceAll('\u200c', ''), `See ${text} today`)
  })
}

t.test('ordinary text is not touched', async (t) => {
  for (const text of ['J.R. Smith', 'It costs 10.30. See you', 'Fabrikam & Co.', 'um 10:30']) {
    t.equal(withoutAutoLinks(text), text)
  }
})

t.test('eight digits in a name do not look like a code', async (t) => {
  t.equal(withoutCodes('Fabrikam 1234567'), 'Fabrikam 1234567')
  t.notMatch(withoutCodes('Code 12345678 and ٠١٢٣٤٥٦٧٨'), /\p{Nd}{5}/u)
})

t.test('a message keeps its lines, whatever they are broken with', async (t) => {
  t.same(quotedLines('\n a\r\nb\rc\u2028\u0085d\u0007\te\u202e \n'), ['a', 'b', 'c', '', 'd\te'])
})

t.test('a right-to-left name is isolated, others are not', async (t) => {
  t.equal(isolated('يوسف'), '\u2068يوسف\u2069')
  t.equal(isolated('Nils'), 'Nils')
})

t.test('initials come from the first two words', async (t) => {
  t.equal(initials('fabrikam supply Ltd'), 'FS')
  t.equal(initials('(Contoso)'), 'C')
  t.equal(initials('!'), '')
})
