import t from 'tap'
import { readPattern } from '../../../src/directory/groups/dynamic/pattern.js'
import { MAX_RULE_LENGTH, parseRule } from '../../../src/directory/groups/dynamic/rule-parser.js'
import type { RuleNode } from '../../../src/directory/groups/dynamic/rule-tree.js'
import { Refusal } from '../../../src/kernel/refusal.js'

const guest = { op: 'eq', property: 'userType', value: 'Guest' } as const
const sales = { op: 'eq', property: 'department', value: 'Sales' } as const
const city = { op: 'eq', property: 'city', value: 'Lyon' } as const
const G = 'user.userType -eq "Guest"'
const S = 'user.department -eq "Sales"'
const C = 'user.city -eq "Lyon"'

t.test('rules that can be read', async (t) => {
  const cases: [rule: string, tree: RuleNode][] = [
    [G, guest],
    [`(${G})`, guest],
    [`  ((${G}))  `, guest],
    ['USER.USERTYPE -EQ "Guest"', guest],
    ['user.userType eq "Guest"', guest],
    ["user.userType -eq 'Guest'", guest],
    ['user.userType -ne "Guest"', { op: 'not', item: guest }],
    ['-not user.userType -eq "Guest"', { op: 'not', item: guest }],
    ['not (user.userType -eq "Guest")', { op: 'not', item: guest }],
    ['-not -not user.userType -eq "Guest"', { op: 'not', item: { op: 'not', item: guest } }],
    [`${G} -and ${S}`, { op: 'and', items: [guest, sales] }],
    [`${G} and ${S} AND ${C}`, { op: 'and', items: [guest, sales, city] }],
    [`${G} -or ${S} -and ${C}`, { op: 'or', items: [guest, { op: 'and', items: [sales, city] }] }],
    [`(${G} -or ${S}) -and ${C}`, { op: 'and', items: [{ op: 'or', items: [guest, sales] }, city] }],
    [`-not ${G} -and ${S}`, { op: 'and', items: [{ op: 'not', item: guest }, sales] }],
    ['user.mail -eq null', { op: 'null', property: 'mail' }],
    ['user.mail -ne $null', { op: 'not', item: { op: 'null', property: 'mail' } }],
    ['user.mail -eq "null"', { op: 'eq', property: 'mail', value: 'null' }],
    ['user.objectId -ne null', { op: 'not', item: { op: 'null', property: 'objectId' } }],
    ['user.accountEnabled -eq true', { op: 'is', property: 'accountEnabled', value: true }],
    ['user.accountEnabled -ne False', { op: 'not', item: { op: 'is', property: 'accountEnabled', value: false } }],
    ['user.accountEnabled -eq "True"', { op: 'is', property: 'accountEnabled', value: true }],
    ['user.mail -startsWith "a"', { op: 'startsWith', property: 'mail', value: 'a' }],
    ['user.mail -notStartsWith "a"', { op: 'not', item: { op: 'startsWith', property: 'mail', value: 'a' } }],
    ['user.mail -contains "a"', { op: 'contains', property: 'mail', value: 'a' }],
    ['user.mail -notContains "a"', { op: 'not', item: { op: 'contains', property: 'mail', value: 'a' } }],
    ['user.mail -match "^a"', { op: 'match', property: 'mail', value: '^a' }],
    ['user.mail -notMatch "^a"', { op: 'not', item: { op: 'match', property: 'mail', value: '^a' } }],
    ['user.city -in ["a","b"]', { op: 'in', property: 'city', values: ['a', 'b'] }],
    ["user.city -notIn ['a']", { op: 'not', item: { op: 'in', property: 'city', values: ['a'] } }],
    ['user.city -eq "a`"b`"c"', { op: 'eq', property: 'city', value: 'a"b"c' }],
    ['user.city -eq "a""b"', { op: 'eq', property: 'city', value: 'a"b' }],
    ["user.city -eq 'O''Neil'", { op: 'eq', property: 'city', value: "O'Neil" }],
    ['user.city -eq ""', { op: 'eq', property: 'city', value: '' }],
    ['user.mobilePhone -eq "1"', { op: 'eq', property: 'mobile', value: '1' }],
    ['user.officeLocation -eq "1"', { op: 'eq', property: 'physicalDeliveryOfficeName', value: '1' }],
    [
      'user.otherMails -any (_ -startsWith "x")',
      { op: 'any', list: 'otherMails', item: { op: 'startsWith', property: '_', value: 'x' } },
    ],
    [
      'user.proxyAddresses -all (_ -contains "x" -and _ -ne null)',
      {
        op: 'all',
        list: 'proxyAddresses',
        item: {
          op: 'and',
          items: [
            { op: 'contains', property: '_', value: 'x' },
            { op: 'not', item: { op: 'null', property: '_' } },
          ],
        },
      },
    ],
    [
      'user.otherMails -contains "x"',
      { op: 'any', list: 'otherMails', item: { op: 'contains', property: '_', value: 'x' } },
    ],
    [
      'user.otherMails -notContains "x"',
      { op: 'not', item: { op: 'any', list: 'otherMails', item: { op: 'contains', property: '_', value: 'x' } } },
    ],
  ]
  for (const [rule, tree] of cases) t.strictSame(parseRule(rule), tree, rule)
})

t.test('rules that cannot be read say where', async (t) => {
  const cases: [rule: string, position: number, message: RegExp][] = [
    ['', 1, /the rule ends where a property/],
    ['   ', 4, /the rule ends/],
    ['user.city', 10, /the rule ends where an operator/],
    ['user.city -eq', 14, /a text in quotes/],
    ['user.city -eq Lyon', 15, /there is 'Lyon' where a text in quotes/],
    ['user.city -eq 5', 15, /unexpected '5'/],
    ['user.city -eq "Lyon', 15, /a text that does not end/],
    ['user.city -gt "a"', 11, /there is no operator '-gt'/],
    ['user.city -and "a"', 11, /there is '-?and' where a text|operator/],
    ['user.city -startsWith null', 23, /there is 'null'/],
    ['(user.city -eq "a"', 19, /where '\)' was expected/],
    ['user.city -eq "a")', 18, /there is '\)'/],
    [`${G} ${S}`, 27, /where an operator such as -and/],
    [`${G} -and`, 31, /the rule ends/],
    ['-not', 5, /the rule ends/],
    ['user.colour -eq "a"', 1, /^Unsupported property 'colour'$/],
    ['user.citi -eq "a"', 1, /^Unsupported property 'citi'\. Did you mean 'city'\?$/],
    ['user.memberOf -any (group.objectId -in ["a"])', 1, /^Unsupported property 'memberOf'/],
    ['device.displayName -eq "a"', 1, /'device.displayName' is no property/],
    ['accountEnabled -eq true', 1, /'accountEnabled' is no property/],
    ['user.accountEnabled -eq "yes"', 25, /true, false or null/],
    ['user.accountEnabled -contains true', 21, /only for -eq and -ne/],
    ['user.accountEnabled -in ["true"]', 21, /only for -eq and -ne/],
    ['user.city -in "a"', 15, /where '\[' was expected/],
    ['user.city -in []', 16, /a text in quotes/],
    ['user.city -in ["a" "b"]', 20, /where '\]' was expected/],
    ['user.city -in ["a", null]', 21, /there is 'null'/],
    ['user.city -any (_ -eq "a")', 11, /only for lists/],
    ['user.otherMails -any _ -eq "a"', 22, /where '\(' was expected/],
    ['user.otherMails -any (user.city -eq "a")', 23, /'_', the item of the list/],
    ['_ -eq "a"', 1, /only inside -any and -all/],
    ['user.city -eq `"a`"', 15, /unexpected '`'/],
    ['user.city -match "("', 19, /a '\(' without its '\)' in the pattern/],
    ["user.city -eq 'a'; drop table users", 18, /unexpected ';'/],
    [`${'('.repeat(40)}${G}${')'.repeat(40)}`, 34, /more than 32 levels/],
    [`${'-not '.repeat(40)}${G}`, 166, /more than 32 levels/],
  ]
  for (const [rule, position, message] of cases) {
    const refusal = refusalOf(() => parseRule(rule))
    t.equal(refusal?.details.graphCode, 'DynamicGroupQueryParseError', rule)
    t.match(refusal?.message, message, rule)
    t.match(refusal?.details.items, [{ code: 'position', message: `Position ${position}` }], rule)
  }
})

t.test('a rule of 3,072 characters is read, one of 3,073 is not', async (t) => {
  const padded = (length: number) => `user.city -eq "${'a'.repeat(length - 16)}"`
  t.equal(padded(MAX_RULE_LENGTH).length, 3_072)
  t.match(parseRule(padded(MAX_RULE_LENGTH)), { op: 'eq' })
  t.match(refusalOf(() => parseRule(padded(MAX_RULE_LENGTH + 1)))?.message, /at position 3073/)
})

t.test('hostile rules are refused', async (t) => {
  const hostile = [
    '('.repeat(3_000),
    '"'.repeat(3_001),
    '`'.repeat(3_000),
    'user.'.repeat(600),
    '-not'.repeat(700),
    `user.city -in [${'"",'.repeat(1_000)}`,
  ]
  for (const rule of hostile)
    t.ok(
      refusalOf(() => parseRule(rule)),
      rule.slice(0, 12),
    )
})

t.test('patterns are translated to what PostgreSQL matches in linear time', async (t) => {
  const cases: [pattern: string, translated: string][] = [
    ['^Da.*', '^Da.*'],
    ['a.b', 'a.b'],
    ['a\\.b', 'a\\.b'],
    ['(a|b)+?', '(?:a|b)+'],
    ['(?:ab)*', '(?:ab)*'],
    ['\\bsales\\B', '\\ysales\\Y'],
    ['\\d{2,3}\\w\\S', '\\d{2,3}\\w\\S'],
    ['\\Aa\\z', '^a$'],
    ['[a-z_-]', '[a-z_\\-]'],
    ['[]a]', '[\\]a]'],
    ['[^\\]x]', '[^\\]x]'],
    ['[[:alpha:]]', '[\\[\\:alpha\\:]\\]'],
    ['a{x', 'a\\{x'],
    ["o'n", "o\\'n"],
    ['É', 'É'],
    ['a|', 'a|'],
    ['', ''],
  ]
  for (const [pattern, translated] of cases) t.equal(readPattern(pattern, 1), translated, pattern)
})

t.test('patterns that could take long, or mean something else there, are refused', async (t) => {
  const refused = [
    '(a)\\1',
    '(?=a)',
    '(?!a)',
    '(?<n>a)',
    '(?i)a',
    '\\p{L}',
    '\\x41',
    '\\k',
    '*a',
    'a**',
    'a++',
    '^*',
    '\\b+',
    '(',
    ')',
    'a)',
    '[',
    '[a',
    '[z-a]',
    '[\\D]',
    'a\\',
    'a{300}',
    'a{3,2}',
    '((a{200}){200})',
    '(?:(?:a{1,100}){1,100}b)',
    `${'('.repeat(20)}a${')'.repeat(20)}`,
  ]
  for (const pattern of refused)
    t.ok(
      refusalOf(() => readPattern(pattern, 1)),
      pattern,
    )
})

function refusalOf(act: () => unknown): Refusal | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return undefined
}
