import t from 'tap'
import { filterOf } from '../../../src/graph/odata/collection.js'
import { readQueryOptions } from '../../../src/graph/odata/query-options.js'
import { dialect } from '../support.js'
import { thingCollection } from './things.js'

const advanced = (operator: string) =>
  `Operator '${operator}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information`
const clause = (property: string) =>
  `Unsupported or invalid query filter clause specified for property '${property}' of resource 'Thing'.`
const stranger = (name: string) => `Could not find a property named '${name}' on type 'microsoft.graph.thing'.`
const pageSize = (size: string) => `Invalid page size specified: '${size}'. Must be between 1 and 999 inclusive.`
const number = (text: string) =>
  `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`

type Refused = [query: string, code: string, message: string]
const filter = (text: string, problem: string): Refused => [
  `$filter=${text}`,
  'Request_BadRequest',
  `Invalid filter clause: ${problem}.`,
]
const unsupported = (text: string, property: string): Refused => [
  `$filter=${text}`,
  'Request_UnsupportedQuery',
  clause(property),
]
const search = (text: string, problem: string): Refused => [
  `$search=${text}`,
  'BadRequest',
  `Invalid search clause: ${problem}.`,
]
const searchCharacter = (text: string, character: string, position: number): Refused => [
  `$search=${text}`,
  'BadRequest',
  `Syntax error: character '${character}' is not valid at position ${position} in '${text}'.`,
]
const expand = (text: string, problem: string): Refused => [
  `$expand=${text}`,
  'BadRequest',
  `Invalid $expand clause: ${problem}.`,
]

const refused: Refused[] = [
  filter('', 'a condition is expected, not the end, at position 0'),
  filter('name', 'a comparison is expected, not the end, at position 4'),
  filter('name eq', 'a condition is expected, not the end, at position 7'),
  filter("name eq 'x", 'a string is not closed at position 8'),
  filter("name eq 'x' and", 'a condition is expected, not the end, at position 15'),
  filter("name eq 'x' xor name eq 'y'", "the end is expected, not 'xor', at position 12"),
  filter("(name eq 'x'", "')' is expected, not the end, at position 12"),
  filter("name eq 'x')", "the end is expected, not ')', at position 11"),
  filter('name eq x', "'eq' wants a value after it, and text stands in single quotes: at position 8"),
  filter("'x' eq 'y'", "'eq' wants a property on one side at position 4"),
  filter('name in', "'(' is expected, not the end, at position 7"),
  filter('name in ()', "a value is expected, not ')', at position 9"),
  filter("'x' in ('y')", "'in' wants a property before it at position 4"),
  filter("substringof('x',name)", "there is no function 'substringof' at position 0"),
  filter('startsWith(name,5)', "'startsWith' wants a string at position 16"),
  filter("startsWith(tags/$count,'x')", "'startsWith' wants a property first at position 0"),
  filter("tags/any(x:x eq 'a'", "')' is expected, not the end, at position 19"),
  filter('tags/any(x x)', "':' is expected, not 'x', at position 11"),
  filter("tags/any(x:tags/any(x:x eq 'a'))", "'x' is already in use at position 20"),
  filter("tags/some(x:x eq 'a')", "there is no function 'some' at position 5"),
  filter('$count eq 1', "'$count' wants a collection before it at position 0"),
  filter('madeAt ge 2026-02-30T00:00:00Z', "'2026-02-30T00:00:00Z' is not a date and time with a zone at position 10"),
  filter('madeAt ge 2026-01-01T00:00:00', "'2026-01-01T00:00:00' is not a date and time with a zone at position 10"),
  filter('name eq #', "unexpected character '#' at position 8"),
  filter('name eq 5x', "unexpected character 'x' at position 9"),
  filter('"name" eq \'x\'', "unexpected character '\"' at position 0"),
  filter("name eq 'x' or", 'a condition is expected, not the end, at position 14'),
  filter("or name eq 'x'", "a comparison is expected, not 'name', at position 3"),
  filter('not', 'a condition is expected, not the end, at position 3'),
  filter("name eq 'x' name eq 'y'", "the end is expected, not 'name', at position 12"),
  filter('()', "a condition is expected, not ')', at position 1"),
  filter("name in ('x'", "')' is expected, not the end, at position 12"),
  filter("name in ('x',)", "a value is expected, not ')', at position 13"),
  filter("name in 'x'", "'(' is expected, not ''x'', at position 8"),
  filter("startsWith(name 'x')", "',' is expected, not ''x'', at position 16"),
  filter("startsWith(name,'x'", "')' is expected, not the end, at position 19"),
  filter("startsWith('x',name)", "a name is expected, not ''x'', at position 11"),
  filter('endsWith(name,null)', "'endsWith' wants a string at position 14"),
  filter("contains(name,'x','y')", "')' is expected, not ',', at position 17"),
  filter("tags/any(:x eq 'a')", "a name is expected, not ':', at position 9"),
  filter('tags/all()', "a name is expected, not ')', at position 9"),
  filter('tags/any(x:)', "a condition is expected, not ')', at position 11"),
  filter('tags/', 'a name is expected, not the end, at position 5'),
  filter("name//first eq 'x'", "a name is expected, not '/', at position 5"),
  filter('size eq 1..5', "unexpected character '.' at position 9"),
  filter("name eq 'x' and and kind eq 'Small'", "a comparison is expected, not 'kind', at position 20"),
  filter('madeAt ge 2026-13-01T00:00:00Z', "'2026-13-01T00:00:00Z' is not a date and time with a zone at position 10"),
  filter('id eq 01980000-0000-7000-8000', "the end is expected, not '-0000', at position 14"),
  filter('name eq `x`', "unexpected character '`' at position 8"),
  filter("name = 'x'", "unexpected character '=' at position 5"),
  filter(`${'('.repeat(129)}name eq 'x'${')'.repeat(129)}`, 'it is nested deeper than 128 levels'),
  unsupported("colour eq 'red'", 'colour'),
  unsupported("story eq 'x'", 'story'),
  unsupported("name/first eq 'x'", 'name/first'),
  unsupported("tags eq 'x'", 'tags'),
  unsupported("size eq 'x'", 'size'),
  unsupported('size eq 1.5', 'size'),
  unsupported("kind eq 'Huge'", 'kind'),
  unsupported("id eq 'x'", 'id'),
  unsupported('isOpen gt true', 'isOpen'),
  unsupported('tags/$count gt 5', 'tags'),
  unsupported("startsWith(kind,'S')", 'kind'),
  ["$filter=kind ne 'Small'", 'Request_UnsupportedQuery', advanced('ne')],
  ["$filter=not(kind eq 'Small')", 'Request_UnsupportedQuery', advanced('not')],
  ['$orderby=size', 'Request_UnsupportedQuery', advanced('orderby')],
  ["$orderby=name&$filter=name eq 'x'", 'Request_UnsupportedQuery', advanced('orderby')],
  ['$orderby=colour', 'BadRequest', stranger('colour')],
  ['$orderby=isOpen', 'Request_UnsupportedQuery', "Unsupported sort property 'isOpen' for 'Thing'."],
  ['$orderby=name sideways', 'BadRequest', "Invalid $orderby clause 'name sideways'."],
  ['$orderby=name,name desc', 'BadRequest', '$orderby names a property twice.'],
  ['$orderby=', 'BadRequest', '$orderby names no property.'],
  ['$select=colour', 'BadRequest', stranger('colour')],
  ['$select=Colour', 'BadRequest', stranger('Colour')],
  ['$select=name,(size', 'BadRequest', 'The parentheses or quotes of $select do not pair.'],
  ['$top=0', 'Request_UnsupportedQuery', pageSize('0')],
  ['$top=1000', 'Request_UnsupportedQuery', pageSize('1000')],
  ['$top=-1', 'BadRequest', number('-1')],
  ['$top=many', 'BadRequest', number('many')],
  [
    '$count=maybe',
    'BadRequest',
    "Invalid value 'maybe' for $count query option found. Valid values are 'true' and 'false'.",
  ],
  ['$format=xml', 'BadRequest', "The format 'xml' is not supported. Use 'json'."],
  ['$skip=5', 'BadRequest', "The query parameter '$skip' is not supported."],
  ['$fliter=x', 'BadRequest', "The query parameter '$fliter' is not supported. Did you mean '$filter'?"],
  [
    '$top=1&$top=2',
    'BadRequest',
    "Query option '$top' was specified more than once, but it must be specified at most once.",
  ],
  searchCharacter('name:x', ':', 4),
  searchCharacter('"name:x" and "name:y"', ' ', 12),
  search('', 'a clause in double quotes is expected at position 0, not the end'),
  search('"name:x" AND', 'a clause in double quotes is expected at position 12, not the end'),
  searchCharacter('OR "name:x"', ' ', 2),
  search('("name:x" OR "name:y"', "')' is expected at position 21, not the end"),
  search('"name:x")', "AND, OR or the end is expected at position 8, not ')'"),
  searchCharacter('"name:x" AND OR "name:y"', ' ', 15),
  search('":x"', 'the clause at position 0 must have the form "property:text"'),
  searchCharacter('name', 'n', 0),
  search('"name:x', 'the text that starts at position 0 is not closed'),
  search('("name:x"', "')' is expected at position 9, not the end"),
  search('"name:x" "name:y"', "AND, OR or the end is expected at position 9, not 'name:y'"),
  search('"x"', 'the clause at position 0 must have the form "property:text"'),
  search('"name:x" OR', 'a clause in double quotes is expected at position 11, not the end'),
  [
    '$search="size:1"',
    'Request_UnsupportedQuery',
    "Unsupported or invalid search clause specified for property 'size' of resource 'Thing'.",
  ],
  expand(
    'owner($select=name),owner($select=kind)',
    'only one relation can be expanded, and a second one stands at position 20',
  ),
  expand('owner($top=5)', "'$top=5' at position 6 is not supported in it"),
  expand('owner($levels=many)', '$levels at position 6 must be max or a number from 1 to 1000'),
  expand('owner($levels=max;$orderby=name)', "'$orderby=name' at position 18 is not supported in it"),
  expand('owner/name', "'owner/name' at position 0 is not a relation"),
  expand('5', "'5' at position 0 is not a relation"),
  expand('owner(', 'its parentheses or quotes do not pair'),
  expand('owner,owner', 'only one relation can be expanded, and a second one stands at position 6'),
  expand('owner($levels=0)', '$levels at position 6 must be max or a number from 1 to 1000'),
  expand("owner($filter=name eq 'x')", "'$filter=name eq 'x'' at position 6 is not supported in it"),
  ['$expand=colour', 'BadRequest', stranger('colour')],
]

t.test('a query that cannot be read is refused in Graph’s words, with the position', async (t) => {
  const app = await dialect((app) => {
    app.get('/v1.0/things', { config: { permission: 'public' } }, async (request) => {
      const options = readQueryOptions(request, thingCollection.rules)
      filterOf(thingCollection, options, { now: new Date(), tenantId: '01980000-0000-7000-8000-000000000001' })
      return options
    })
  })
  t.teardown(() => app.close())
  const withPosition = refused.filter(([, , message]) => /at position \d/.test(message))
  t.ok(withPosition.length >= 60, `${withPosition.length} of ${refused.length} name a position`)
  for (const [query, code, message] of refused) {
    const encoded = query.split('&').map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return `${name}=${encodeURIComponent(value.join('='))}`
    })
    const needsHeader = query.startsWith('$search')
    const answer = await app.inject({
      url: `/v1.0/things?${encoded.join('&')}`,
      headers: needsHeader ? { consistencylevel: 'eventual' } : {},
    })
    t.equal(answer.statusCode, 400, query)
    const { error } = answer.json()
    t.strictSame({ code: error?.code, message: error?.message }, { code, message }, query)
  }
  const single = await app.inject('/v1.0/things?$select=story')
  t.equal(single.statusCode, 501)
  t.match(single.json(), { error: { code: 'NotImplemented', message: 'This operation target is not yet supported.' } })
  const plain = await app.inject('/v1.0/things?$search=%22name:x%22')
  t.equal(
    plain.json().error.message,
    "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
  )
})
