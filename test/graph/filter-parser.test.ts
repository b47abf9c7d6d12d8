import t from 'tap'
import { parseFilter } from '../../src/graph/odata/filter-parser.js'
import { type FilterNode, type Literal, pathText, type Subject } from '../../src/graph/odata/filter-tree.js'
import { Refusal } from '../../src/kernel/refusal.js'

/** The tree in a form that shows grouping: every condition in its own brackets. */
function print(node: FilterNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return `[${node.items.map(print).join(` ${node.kind} `)}]`
    case 'not':
      return `[not ${print(node.item)}]`
    case 'compare':
      return `[${subject(node.subject)} ${node.operator} ${literal(node.value)}]`
    case 'in':
      return `[${pathText(node.subject)} in ${node.values.map(literal).join(',')}]`
    case 'match':
      return `[${node.operator} ${pathText(node.subject)} ${literal(node.value)}]`
    case 'lambda':
      return `[${node.quantifier} ${pathText(node.subject)}${node.body ? ` ${node.body.variable}: ${print(node.body.condition)}` : ''}]`
  }
}
const subject = (of: Subject) => (of.kind === 'count' ? `#${pathText(of.of)}` : pathText(of))
const literal = (value: Literal) => `${value.type}<${value.value}>`

const accepted: [filter: string, tree: string][] = [
  ["mail eq 'ana@partner.example'", '[mail eq string<ana@partner.example>]'],
  ["displayName eq 'O''Neil'", "[displayName eq string<O'Neil>]"],
  ["displayName eq ''", '[displayName eq string<>]'],
  ["displayName eq ''''", "[displayName eq string<'>]"],
  ["displayName ne 'and (or) not'", '[displayName ne string<and (or) not>]'],
  [
    "userType eq 'Guest' and externalUserState eq 'PendingAcceptance'",
    '[[userType eq string<Guest>] and [externalUserState eq string<PendingAcceptance>]]',
  ],
  ["userType in ('Guest', 'Member')", '[userType in string<Guest>,string<Member>]'],
  ["userType in ('Guest')", '[userType in string<Guest>]'],
  ["startsWith(displayName,'A')", '[startsWith displayName string<A>]'],
  [
    "startswith(mail,'a') or startswith(userPrincipalName,'a')",
    '[[startsWith mail string<a>] or [startsWith userPrincipalName string<a>]]',
  ],
  ["endsWith(mail,'@partner.example')", '[endsWith mail string<@partner.example>]'],
  ["contains(displayName, 'x')", '[contains displayName string<x>]'],
  ['createdDateTime ge 2026-01-01T00:00:00Z', '[createdDateTime ge dateTime<2026-01-01T00:00:00.000000Z>]'],
  [
    'createdDateTime lt 2026-01-01T02:00:00.1234567+02:00',
    '[createdDateTime lt dateTime<2026-01-01T00:00:00.123456Z>]',
  ],
  ['createdDateTime le 2026-01-01', '[createdDateTime le dateTime<2026-01-01T00:00:00.000000Z>]'],
  ['accountEnabled eq true', '[accountEnabled eq boolean<true>]'],
  ['companyName eq null', '[companyName eq null<null>]'],
  ['not(companyName eq null)', '[not [companyName eq null<null>]]'],
  ["NOT startswith(displayName, 'a')", '[not [startsWith displayName string<a>]]'],
  [
    "not companyName eq 'x' and accountEnabled eq false",
    '[[not [companyName eq string<x>]] and [accountEnabled eq boolean<false>]]',
  ],
  ['a eq 1 or b eq 2 and c eq 3', '[[a eq number<1>] or [[b eq number<2>] and [c eq number<3>]]]'],
  ['(a eq 1 or b eq 2) and c eq 3', '[[[a eq number<1>] or [b eq number<2>]] and [c eq number<3>]]'],
  ['a eq 1 and b eq 2 and c eq 3', '[[a eq number<1>] and [b eq number<2>] and [c eq number<3>]]'],
  [
    "identities/any(c:c/issuerAssignedId eq 'x' and c/issuer eq 'y')",
    '[any identities c: [[c/issuerAssignedId eq string<x>] and [c/issuer eq string<y>]]]',
  ],
  ["proxyAddresses/any(p:startswith(p,'smtp:a'))", '[any proxyAddresses p: [startsWith p string<smtp:a>]]'],
  ["groupTypes/any(c:c eq 'Unified')", '[any groupTypes c: [c eq string<Unified>]]'],
  [
    "not(groupTypes/any(c:c eq 'Unified')) and mailEnabled eq true",
    '[[not [any groupTypes c: [c eq string<Unified>]]] and [mailEnabled eq boolean<true>]]',
  ],
  ["otherMails/all(m:endsWith(m, 'x'))", '[all otherMails m: [endsWith m string<x>]]'],
  ['otherMails/any()', '[any otherMails]'],
  ['assignedLicenses/$count eq 0', '[#assignedLicenses eq number<0>]'],
  [
    'assignedLicenses/any(s:s/skuId eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)',
    '[any assignedLicenses s: [s/skuId eq guid<cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46>]]',
  ],
  ["id in ('cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46')", '[id in string<cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46>]'],
  ['appId eq DDDDDDDD-d96c-4c30-b9f4-6ada7cdc1d46', '[appId eq guid<dddddddd-d96c-4c30-b9f4-6ada7cdc1d46>]'],
  ["employeeOrgData/division eq 'R&D'", '[employeeOrgData/division eq string<R&D>]'],
  [
    "extension_0123456789abcdef0123456789abcdef_team EQ 'x'",
    '[extension_0123456789abcdef0123456789abcdef_team eq string<x>]',
  ],
  ["'x' eq mail", '[mail eq string<x>]'],
  ['5 lt age', '[age gt number<5>]'],
  ['age ge -1.5e2', '[age ge number<-150>]'],
  ["\tmail  eq\n'x' ", '[mail eq string<x>]'],
  ["displayName eq 'Łukasz 🙂'", '[displayName eq string<Łukasz 🙂>]'],
]
for (const [filter, tree] of accepted) {
  t.test(`reads ${JSON.stringify(filter)}`, async (t) => t.equal(print(parseFilter(filter)), tree))
}

const refused: [filter: string, position: number][] = [
  ['', 0],
  ['mail', 4],
  ['mail and a eq 1', 5],
  ['mail eq', 7],
  ['mail eq Guest', 8],
  ["mail eq 'x", 8],
  ["mail eq 'x''", 8],
  ["mail eq 'x')", 11],
  ["(mail eq 'x'", 12],
  ["mail eq 'x' and", 15],
  ["and mail eq 'x'", 4],
  ["mail equals 'x'", 5],
  ["mail eq 'x' 'y'", 12],
  ["mail eq 'x' eq 'y'", 12],
  ['mail eq userPrincipalName', 8],
  ["'a' eq 'b'", 4],
  ['mail in ()', 9],
  ["mail in ('a',)", 13],
  ["mail in 'a'", 8],
  ['length(mail) eq 3', 0],
  ['startswith(mail)', 15],
  ['startswith(mail,5)', 16],
  ['identities/any(c)', 16],
  ['identities/any(c:)', 17],
  ['identities/all()', 15],
  ["identities/any(c:c/x/any(c:c eq 'y'))", 25],
  ['createdDateTime ge 2026-02-30T00:00:00Z', 19],
  ['createdDateTime ge 2026-01-01T00:00:00', 19],
  ['createdDateTime ge 2026-01-01T00:00:00 02:00', 19],
  ['age eq 5a', 8],
  ['age eq 12345678-1234', 15],
  ['mail eq "x"', 8],
  ['mail eq ’x’', 8],
  ["mail eq 'x'; drop table users", 11],
  ['$count eq 1', 0],
  ['not', 3],
  ['mail eq \u0000', 8],
]
for (const [filter, position] of refused) {
  t.test(`refuses ${JSON.stringify(filter)} at ${position}`, async (t) => {
    const refusal = refusalOf(filter)
    t.equal(refusal?.code, 'filterSyntax')
    t.match(refusal?.message, new RegExp(`^Invalid filter clause: .* at position ${position}\\.$`, 's'))
  })
}

t.test('fifty levels, two hundred conditions and eight kilobytes are read', async (t) => {
  t.ok(parseFilter(`${'not('.repeat(50)}a eq 1${')'.repeat(50)}`))
  t.ok(parseFilter(`${'('.repeat(100)}a eq 1${')'.repeat(100)}`))
  t.ok(parseFilter(Array.from({ length: 200 }, (_, i) => `a eq ${i}`).join(' or ')))
  t.ok(parseFilter(`mail eq '${'x'.repeat(8_192 - 10)}'`))
})

t.test('hostile size is refused', async (t) => {
  t.equal(refusalOf(`${'('.repeat(2_000)}a eq 1${')'.repeat(2_000)}`)?.code, 'filterTooDeep')
  t.equal(refusalOf(`${'not '.repeat(2_000)}a eq 1`)?.code, 'filterTooDeep')
  t.equal(refusalOf(`${'a/any(x:'.repeat(900)}`)?.code, 'filterSyntax')
  t.equal(refusalOf(`${'('.repeat(10_000)}a eq 1${')'.repeat(10_000)}`)?.code, 'filterTooLong')
  t.equal(refusalOf(Array.from({ length: 600 }, () => 'a eq 1').join(' or '))?.code, 'filterTooLarge')
  t.equal(refusalOf("'".repeat(8_191))?.code, 'filterSyntax')
  t.equal(refusalOf(' '.repeat(8_192))?.code, 'filterSyntax')
})

function refusalOf(filter: string): Refusal | undefined {
  try {
    parseFilter(filter)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}
