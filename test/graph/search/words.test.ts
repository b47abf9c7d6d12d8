import t from 'tap'
import { wordsOf } from '../../../src/graph/search/words.js'
import { startService } from '../../support/service.js'

/** What is searched for, its words, and whether it finds the text beside it. */
const cases: [text: string, stored: string[]][] = [
  ['hello.world', ['helloworld', 'world']],
  ['hello world', ['hello', 'world']],
  ['HelloWorld', ['helloworld', 'world']],
  ['HTMLParser', ['htmlparser', 'parser']],
  ['room42b', ['42b', 'b', 'room42b']],
  ["O'Neil-Smith", ['neilsmith', 'oneilsmith', 'smith']],
  ['Ana  (Sales)', ['ana', 'sales']],
  ['Müller Åsa', ['müller', 'åsa']],
  ['東京 支社', ['支社', '東京']],
  ['a–b', ['a', 'b']],
  ['  ', []],
  ['...', []],
  ['', []],
  ['tab\tline\nend', ['end', 'line', 'tab']],
  [`${'x'.repeat(80)}`, ['x'.repeat(64)]],
]

t.test('a text is cut where Graph cuts it, each part kept with what follows', async (t) => {
  const service = await startService(t, { workers: false })
  for (const [text, stored] of cases) {
    const [row] = await service.services.database.sql<{ words: string[] }[]>`select search_words_of(${text}) as words`
    t.strictSame(row?.words.sort(), [...stored].sort(), text)
  }
})

t.test('what is searched for is cut in the same way, without what follows', async (t) => {
  const wanted: [text: string, words: string[]][] = [
    ['hello.world', ['hello', 'world']],
    ['HelloWorld', ['hello', 'world']],
    ['HTMLParser', ['html', 'parser']],
    ['room42b', ['room', '42', 'b']],
    ['ana ANA', ['ana']],
    ['Müller', ['müller']],
    ['%_\\', []],
    ['x'.repeat(80), ['x'.repeat(64)]],
  ]
  for (const [text, words] of wanted) t.strictSame(wordsOf(text), words, text)
})
