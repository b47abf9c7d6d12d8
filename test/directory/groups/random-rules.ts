import fc from 'fast-check'

// Few and similar texts, so that rules are often true; some that quoting or folding could trip over.
const WORDS = [
  'Guest',
  'guest',
  'Member',
  'Sales',
  'sales ',
  "O'Neil",
  'a"b',
  'back\\slash',
  '50%_',
  '`',
  '',
  'É',
  'straße',
  'x.y',
  'ab',
]
const ADDRESSES = ['ana@partner.example', 'ANA@Partner.example', 'bo@other.example', "o'neil@partner.example"]
export const TEXTS = [
  'department',
  'jobTitle',
  'city',
  'companyName',
  'mobile',
  'telephoneNumber',
  'mail',
  'userType',
] as const
const LISTS = ['otherMails', 'proxyAddresses'] as const

const word = fc.constantFrom(...WORDS, ...ADDRESSES, 'Gu', 'a', 'SMTP:ana')
const pattern = fc.constantFrom(
  '^gu',
  'st$',
  '.',
  '^(a|b)',
  '[a-c]+@',
  '\\bsales\\b',
  '\\d{1,3}',
  '(?:ab)?',
  '[^x]\\.y',
  '^$',
  '\\w+\\.example$',
  '%',
  "o'n",
)

const quoted = (text: string) => `"${text.replace(/["`]/g, '`$&')}"`
const singly = (text: string) => `'${text.replaceAll("'", "''")}'`
const literal = fc.tuple(word, fc.boolean()).map(([text, isDouble]) => (isDouble ? quoted(text) : singly(text)))
const operator = (name: string) => fc.constantFrom(`-${name}`, name, `-${name.toUpperCase()}`)

function test(subject: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const plain = fc.constantFrom('eq', 'ne', 'startsWith', 'notStartsWith', 'contains', 'notContains').chain(operator)
  return fc.oneof(
    { weight: 5, arbitrary: fc.tuple(subject, plain, literal).map((parts) => parts.join(' ')) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(subject, fc.constantFrom('match', 'notMatch').chain(operator), pattern.map(quoted))
        .map((parts) => parts.join(' ')),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          subject,
          fc.constantFrom('in', 'notIn').chain(operator),
          fc.array(literal, { minLength: 1, maxLength: 4 }),
        )
        .map(([left, op, values]) => `${left} ${op} [${values.join(', ')}]`),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(subject, fc.constantFrom('-eq', '-ne')).map(([left, op]) => `${left} ${op} null`),
    },
  )
}

function tree(leaf: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc
        .tuple(tie('node'), fc.constantFrom('-and', '-or', 'and', 'OR'), tie('node'))
        .map(([a, op, b]) => `${a} ${op} ${b}`),
      tie('node').map((inner) => `(${inner})`),
      tie('node').map((inner) => `-not (${inner})`),
    ),
  })).node
}

const ofUser = fc.constantFrom(...TEXTS, ...LISTS).map((name) => `user.${name}`)
const accountEnabled = fc.tuple(fc.constantFrom('-eq', '-ne'), fc.constantFrom('true', 'False'))
const lists = fc
  .tuple(fc.constantFrom(...LISTS), fc.constantFrom('-any', '-all'), tree(test(fc.constant('_'))))
  .map(([list, op, inner]) => `user.${list} ${op} (${inner})`)

/** Texts of membership rules, all of them well-formed. */
export const randomRule = tree(
  fc.oneof(
    { weight: 6, arbitrary: test(ofUser) },
    { weight: 1, arbitrary: accountEnabled.map(([op, value]) => `User.accountEnabled ${op} ${value}`) },
    { weight: 2, arbitrary: lists },
  ),
)

/** What can differ between users; a mail is given by the test, for it must be theirs alone. */
export const randomUser = fc.record({
  department: fc.option(fc.constantFrom(...WORDS)),
  jobTitle: fc.option(fc.constantFrom(...WORDS)),
  city: fc.option(fc.constantFrom(...WORDS)),
  companyName: fc.option(fc.constantFrom(...WORDS)),
  mobile: fc.option(fc.constantFrom('555 0100', '555', '')),
  telephoneNumber: fc.option(fc.constantFrom('555 0100', '0')),
  userType: fc.constantFrom('Guest', 'Member'),
  accountEnabled: fc.boolean(),
  isInvited: fc.boolean(),
  hasMail: fc.boolean(),
  otherMails: fc.option(fc.subarray(ADDRESSES)),
})
export type RandomUser = typeof randomUser extends fc.Arbitrary<infer User> ? User : never
