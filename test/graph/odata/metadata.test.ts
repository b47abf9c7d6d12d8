import t from 'tap'
import { resources } from '../../../src/app.js'
import { metadataDocument } from '../../../src/graph/odata/metadata.js'
import { startService } from '../../support/service.js'

const document = metadataDocument(resources)

t.test('the entity model is served to everybody, as XML', async (t) => {
  const service = await startService(t, { workers: false })
  for (const path of ['/$metadata', '/%24metadata']) {
    const { status, text, headers } = await service.api('GET', path, undefined, { token: null })
    t.equal(status, 200)
    t.match(headers.get('content-type'), /^application\/xml/)
    t.equal(text, document)
  }
})

t.test('it is well-formed, and every type it names is declared in it', async (t) => {
  t.strictSame(unclosed(document), [])
  const declared = new Set(
    [...document.matchAll(/<(?:EntityType|ComplexType) Name="([\w.]+)"/g)].map(([, name]) => name),
  )
  const used = [...document.matchAll(/(?:Type|BaseType|EntityType)="(?:Collection\()?microsoft\.graph\.([\w.]+)\)?"/g)]
  t.ok(used.length > 10)
  for (const [, name] of used) t.ok(declared.has(name), `${name}`)
  t.equal(new Set(declared).size, [...document.matchAll(/<(?:EntityType|ComplexType) Name=/g)].length, 'each once')
})

t.test('it tells of everything a resource shows', async (t) => {
  for (const { type, set, hasNoSet, properties, relations } of resources) {
    const entity =
      new RegExp(`<EntityType Name="${type.slice('microsoft.graph.'.length)}"[^>]*>(.*?)</EntityType>`, 's').exec(
        document,
      )?.[1] ?? ''
    for (const name of [...Object.keys(properties).filter((each) => each !== 'id'), ...Object.keys(relations)]) {
      t.ok(entity.includes(`Name="${name}"`), `${type} ${name}`)
    }
    t.equal(document.includes(`<EntitySet Name="${set}" EntityType="${type}"`), !hasNoSet, set)
  }
})

/** Elements that are closed in the wrong place or not at all. */
function unclosed(xml: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  for (const [, closing, name = '', selfClosing] of xml.matchAll(/<(\/?)([\w:]+)(?:\s+[\w:]+="[^"<>&]*")*\s*(\/?)>/g)) {
    if (closing) {
      if (open.pop() !== name) wrong.push(name)
    } else if (!selfClosing) open.push(name)
  }
  return [...wrong, ...open]
}
