import { IntlMessageFormat } from 'intl-messageformat'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import t from 'tap'
import {
  catalogues,
  isLanguage,
  LANGUAGES,
  type Language,
  type LanguageWishes,
  type MessageKey,
  matchLanguage,
  negotiateLanguage,
  textsIn,
} from '../../src/platform/i18n/index.js'
import enMails from '../../src/platform/i18n/messages/en/mails.js'
import enMyApps from '../../src/platform/i18n/messages/en/my-apps.js'
import enPages from '../../src/platform/i18n/messages/en/pages.js'
import enSecondStep from '../../src/platform/i18n/messages/en/second-step.js'

const keys = Object.keys(catalogues.en) as MessageKey[]
const LITERAL = 0
const PLURAL = 6
const POUND = 7
const TAG = 8
type Elements = ReturnType<IntlMessageFormat['getAst']>

for (const { code } of LANGUAGES) {
  t.test(`every message has a well-formed ${code} version with the same placeholders as in English`, async (t) => {
    t.strictSame(Object.keys(catalogues[code]).sort(), [...keys].sort())
    for (const key of keys) t.strictSame(placeholders(code, key), placeholders('en', key), key)
  })

  t.test(`${code} plurals have a form for every category of the language that whole numbers reach`, async (t) => {
    const rules = new Intl.PluralRules(code)
    const needed = new Set(Array.from({ length: 300 }, (_, number) => rules.select(number)))
    for (const key of keys) {
      for (const forms of pluralsIn(parsed(code, key))) {
        for (const category of needed) t.ok(forms.includes(category), `${key}: ${category}`)
      }
    }
  })

  t.test(`${code} uses typographic apostrophes, since straight ones are ICU's quotes`, async (t) => {
    for (const key of keys) t.notMatch(catalogues[code][key], /'/, key)
  })
}

t.test('pages and mails share no message name', async (t) => {
  t.strictSame(
    [...Object.keys(enPages), ...Object.keys(enSecondStep)].filter((key) => key in enMails),
    [],
  )
})

t.test('English copy keeps the rules of tone and uses no internal words', async (t) => {
  for (const [key, message] of Object.entries({ ...enPages, ...enSecondStep, ...enMyApps })) {
    t.notMatch(message, /!|\b(oops|please|simply|invalid|tenant|redeem|UPN|IdP)\b/i, key)
  }
})

t.test('Arabic counts in its six forms', async (t) => {
  const { daysLeft } = textsIn('ar')
  const said = [0, 1, 2, 5, 29, 100].map((days) => daysLeft(days))
  t.strictSame(said, ['بقي أقل من يوم', 'بقي يوم واحد', 'بقي يومان', 'بقيت 5 أيام', 'بقي 29 يومًا', 'بقي 100 يوم'])
})

t.test('dates and times are written in full and in UTC', async (t) => {
  const at = new Date('2026-12-20T23:47:00Z')
  t.equal(textsIn('en').date(at), '20 December 2026')
  t.equal(textsIn('de').date(at), '20. Dezember 2026')
  t.equal(textsIn('ja').date(at), '2026年12月20日')
  t.equal(textsIn('ar').date(at), '20 ديسمبر 2026')
  for (const { code } of LANGUAGES) {
    t.equal(textsIn(code).time(at), '23:47 UTC')
    t.match(textsIn(code).dateTime(at), /20.*23:47 UTC/)
  }
})

t.test('a missing value is an error, not a hole in a sentence', async (t) => {
  t.throws(() => textsIn('en').say('page.title', { title: 'Enter your code' }), /needs a value for organization/)
  t.throws(() => textsIn('en').say('code.wrong'), /tries/)
})

t.test('values are put in as they are: braces and tags in a name mean nothing', async (t) => {
  const { say, rich } = textsIn('en')
  t.equal(say('page.title', { title: '{organization}', organization: '<b>x</b>' }), '{organization} - <b>x</b>')
  const drawn = renderToString(h('p', null, rich('used.you-link', { destination: '<a>{x}</a>', a: (words) => words })))
  t.match(drawn, '&lt;a>{x}&lt;/a>')
})

t.test('line breaks, control characters and direction overrides do not get out of a name', async (t) => {
  const name = 'Fabri\u202ekam\r\nBcc: x\u0000'
  t.equal(textsIn('en').say('page.title', { title: 'T', organization: name }), 'T - Fabri kam  Bcc: x')
})

t.test('names of the other direction are isolated, addresses stay left to right', async (t) => {
  const draw = (language: Language, name: string) =>
    renderToString(h('p', null, textsIn(language).rich('consent.sees', { organization: name })))
  t.equal(draw('en', 'Fabrikam'), '<p>Fabrikam will see</p>')
  t.equal(draw('en', 'شركة الواحة'), '<p><bdi>شركة الواحة</bdi> will see</p>')
  t.equal(draw('ar', 'Fabrikam'), '<p>سترى <bdi>Fabrikam</bdi></p>')
  const address = renderToString(h('p', null, textsIn('ar').ltr('ana@partner.example')))
  t.equal(address, '<p><bdi dir="ltr">ana@partner.example</bdi></p>')
})

t.test('sentences follow each other with the space of the language', async (t) => {
  t.strictSame(textsIn('en').join('One.', undefined, false, 'Two.'), ['One.', ' ', 'Two.'])
  t.strictSame(textsIn('ja').join('一。', '二。'), ['一。', '', '二。'])
})

const tags: [tag: string, language: Language | undefined][] = [
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE_ch', 'de'],
  ['ja-JP-u-ca-japanese', 'ja'],
  ['pt-BR', undefined],
  ['deu', undefined],
  ['', undefined],
  ['../en', undefined],
]
for (const [tag, language] of tags) {
  t.test(`the tag "${tag}" is matched to ${language ?? 'no language'}`, async (t) =>
    t.equal(matchLanguage(tag), language),
  )
}

const wishes: { title: string; given: LanguageWishes; answer: Language }[] = [
  { title: 'what is picked now wins', given: { query: 'fr', cookie: 'de', acceptLanguage: 'es' }, answer: 'fr' },
  { title: 'what was picked before comes next', given: { cookie: 'de', acceptLanguage: 'es' }, answer: 'de' },
  { title: 'the browser goes before the directory', given: { acceptLanguage: 'es', preferred: 'ja' }, answer: 'es' },
  { title: 'the directory goes before English', given: { acceptLanguage: 'pt', preferred: 'ja' }, answer: 'ja' },
  { title: 'an unknown pick is passed over', given: { query: 'xx', cookie: 'de' }, answer: 'de' },
  { title: 'the highest weight wins', given: { acceptLanguage: 'en;q=0.5, ar;q=0.9, de;q=0.1' }, answer: 'ar' },
  { title: 'the first of equals wins', given: { acceptLanguage: 'pt-BR, fr-CA, de' }, answer: 'fr' },
  { title: 'weight 0 means no', given: { acceptLanguage: 'de;q=0', preferred: 'fr' }, answer: 'fr' },
  { title: 'nothing known gives English', given: {}, answer: 'en' },
  { title: 'junk gives English', given: { acceptLanguage: `;;q=,${'x,'.repeat(100_000)}` }, answer: 'en' },
]
for (const { title, given, answer } of wishes) {
  t.test(title, async (t) => t.equal(negotiateLanguage(given), answer))
}

t.test('names of objects are not languages', async (t) => {
  for (const name of ['constructor', '__proto__', 'EN', 'english']) t.notOk(isLanguage(name), name)
})

function parsed(language: Language, key: MessageKey): Elements {
  return new IntlMessageFormat(catalogues[language][key], language).getAst()
}

function placeholders(language: Language, key: MessageKey): string[] {
  const names = new Set<string>()
  walk(parsed(language, key), (element) => {
    if (element.type !== LITERAL && element.type !== POUND && 'value' in element) {
      names.add(element.type === TAG ? `<${element.value}>` : element.value)
    }
  })
  return [...names].sort()
}

function pluralsIn(elements: Elements): string[][] {
  const plurals: string[][] = []
  walk(elements, (element) => {
    if (element.type === PLURAL) plurals.push(Object.keys(element.options))
  })
  return plurals
}

function walk(elements: Elements, visit: (element: Elements[number]) => void): void {
  for (const element of elements) {
    visit(element)
    if ('children' in element) walk(element.children, visit)
    if ('options' in element) for (const option of Object.values(element.options)) walk(option.value, visit)
  }
}
