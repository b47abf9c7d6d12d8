import t from 'tap'
import { escaped } from '../../../src/platform/mail/layout.js'
import { createTemplate } from '../../../src/platform/mail/template.js'

const asIs = (value: string) => value

t.test('a text is rendered once and filled in many times', async (t) => {
  let renderings = 0
  const template = createTemplate(
    ['name', 'link'],
    ({ name, link }) => {
      renderings += 1
      return `${name}, open ${link} (${link}). Bye, ${name}`
    },
    asIs,
  )
  t.equal(template({ name: 'Ana', link: '/a' }), 'Ana, open /a (/a). Bye, Ana')
  t.equal(template({ name: 'Bo', link: '' }), 'Bo, open  (). Bye, Bo')
  t.equal(renderings, 1)
})

t.test('a value is neither a pattern nor another place, and what looks like a place is text', async (t) => {
  let earlier = ''
  createTemplate(['a'], ({ a }) => (earlier = a), asIs)
  const template = createTemplate(['a', 'b'], ({ a, b }) => `${earlier}|${a}|${b}`, asIs)
  let later = ''
  createTemplate(['a'], ({ a }) => (later = a), asIs)
  t.equal(template({ a: `$& ${later}`, b: '$1' }), `${earlier}|$& ${later}|$1`)
})

t.test('every value is written the way the text wants it', async (t) => {
  const template = createTemplate(['x'], ({ x }) => `<a title="${x}">${x}</a>`, escaped)
  t.equal(template({ x: '"<b>&' }), '<a title="&quot;&lt;b>&amp;">&quot;&lt;b>&amp;</a>')
})

t.test('a rendering that changes a stand-in is a mistake of ours, and is heard of', async (t) => {
  t.throws(() => createTemplate(['a'], ({ a }) => a.slice(0, -2), asIs), /changed/)
})
