import t from 'tap'
import { attributeName, builtInAttribute } from '../../src/user-flows/attributes/rules.js'
import {
  flowIdOf,
  inputTypeOf,
  isSafePattern,
  isValueOf,
  misfitOf,
  type Question,
} from '../../src/user-flows/flows/rules.js'
import { changedWords, defaultContent, type PageContent, unknownWords } from '../../src/user-flows/languages/rules.js'
import { mayChangeAttributes, mayChangeFlows, mayReadFlows } from '../../src/user-flows/rules.js'
import type { FlowAttribute } from '../../src/user-flows/words.js'

type DataType = FlowAttribute['dataType']

t.test('the id of a flow begins with B2X_1_, once', async (t) => {
  const cases: [string, string | undefined][] = [
    ['Partner', 'B2X_1_Partner'],
    ['B2X_1_Partner', 'B2X_1_Partner'],
    ['b2x_1_partner', 'B2X_1_partner'],
    ['a-b_C9', 'B2X_1_a-b_C9'],
    ['B2X_1_', undefined],
    ['', undefined],
    ['with space', undefined],
    ["quo'te", undefined],
    ['x'.repeat(65), undefined],
  ]
  for (const [given, id] of cases) t.equal(flowIdOf(given), id, given)
})

t.test('values are of the type of their attribute', async (t) => {
  const cases: [DataType, string, boolean][] = [
    ['boolean', 'true', true],
    ['boolean', 'True', false],
    ['int64', '-42', true],
    ['int64', '9007199254740991', true],
    ['int64', '9007199254740992', false],
    ['int64', '4.2', false],
    ['int64', '', false],
    ['dateTime', '2024-02-29', true],
    ['dateTime', '2023-02-29', false],
    ['dateTime', '1900-02-29', false],
    ['dateTime', '2024-04-31', false],
    ['dateTime', '2024-13-01', false],
    ['dateTime', '2024-1-1', false],
    ['string', 'x'.repeat(256), true],
    ['string', 'x'.repeat(257), false],
  ]
  for (const [type, text, fits] of cases) t.equal(isValueOf(type, text), fits, `${type} ${text.slice(0, 20)}`)
})

t.test('a question fits its attribute', async (t) => {
  const ask = (more: Partial<Question>): Question => ({
    userInputType: 'textBox',
    userAttributeValues: [],
    defaultValue: null,
    validation: null,
    ...more,
  })
  const choices = (...values: string[]) => values.map((value) => ({ name: value, value, isDefault: false }))
  const defaults = (...values: string[]) => values.map((value) => ({ name: value, value, isDefault: true }))
  const dropdown = 'dropdownSingleSelect'
  const boxes = 'checkboxMultiSelect'
  const cases: [string, DataType, Partial<Question>, string | undefined][] = [
    ['a text', 'string', {}, undefined],
    ['an address', 'string', { userInputType: 'emailBox' }, undefined],
    ['a number', 'int64', {}, undefined],
    ['a number is no address', 'int64', { userInputType: 'emailBox' }, 'userInputType'],
    ['a text is no date', 'string', { userInputType: 'dateTimeDropdown' }, 'userInputType'],
    ['a date', 'dateTime', { userInputType: 'dateTimeDropdown', defaultValue: '2024-01-31' }, undefined],
    ['yes or no is one box', 'boolean', { userInputType: boxes, defaultValue: 'true' }, undefined],
    [
      'which has no choices',
      'boolean',
      { userInputType: boxes, userAttributeValues: choices('true') },
      'userAttributeValues',
    ],
    ['yes or no is no text', 'boolean', {}, 'userInputType'],
    [
      'choices of yes and no',
      'boolean',
      { userInputType: dropdown, userAttributeValues: choices('true', 'false') },
      undefined,
    ],
    [
      'choices of another type',
      'boolean',
      { userInputType: dropdown, userAttributeValues: choices('yes') },
      'userAttributeValues',
    ],
    [
      'several texts',
      'stringCollection',
      { userInputType: boxes, userAttributeValues: choices('a', 'b,c') },
      undefined,
    ],
    ['several in one text', 'string', { userInputType: boxes, userAttributeValues: choices('a', 'b') }, undefined],
    [
      'kept with commas between',
      'string',
      { userInputType: boxes, userAttributeValues: choices('a,b') },
      'userAttributeValues',
    ],
    ['no choices', 'string', { userInputType: dropdown }, 'userAttributeValues'],
    ['choices of a text box', 'string', { userAttributeValues: choices('a') }, 'userAttributeValues'],
    [
      'one choice twice',
      'string',
      { userInputType: dropdown, userAttributeValues: choices('a', 'a') },
      'userAttributeValues',
    ],
    [
      'two defaults of one',
      'string',
      { userInputType: dropdown, userAttributeValues: defaults('a', 'b') },
      'userAttributeValues',
    ],
    ['two defaults of several', 'string', { userInputType: boxes, userAttributeValues: defaults('a', 'b') }, undefined],
    ['a default', 'string', { defaultValue: 'Oslo' }, undefined],
    ['a default of another type', 'int64', { defaultValue: 'many' }, 'defaultValue'],
    [
      'a default that is no choice',
      'string',
      { userInputType: dropdown, userAttributeValues: choices('a'), defaultValue: 'b' },
      'defaultValue',
    ],
    ['a pattern', 'string', { validation: { regularExpression: '[A-Z]{2}\\d{4,9}' } }, undefined],
    ['a pattern for a number', 'int64', { validation: { regularExpression: '\\d+' } }, 'validation.regularExpression'],
    ['a bad pattern', 'string', { validation: { regularExpression: '(a+)+' } }, 'validation.regularExpression'],
    ['a range', 'int64', { validation: { minimum: 1, maximum: 9 } }, undefined],
    ['a range the other way round', 'int64', { validation: { minimum: 9, maximum: 1 } }, 'validation.maximum'],
    ['a range of texts', 'string', { validation: { minimum: 1 } }, 'validation.minimum'],
  ]
  for (const [what, type, more, property] of cases) t.equal(misfitOf(type, ask(more))?.property, property, what)
})

t.test('what Graph has no input for is asked all the same', async (t) => {
  t.equal(inputTypeOf('textBox', 'int64'), 'numberBox')
  t.equal(inputTypeOf('checkboxMultiSelect', 'boolean'), 'checkbox')
  t.equal(inputTypeOf('checkboxMultiSelect', 'stringCollection'), 'checkboxMultiSelect')
  t.equal(inputTypeOf('textBox', 'string'), 'textBox')
})

t.test('patterns that could run for long are not taken', async (t) => {
  const good = [
    '[A-Z]{2}\\d{4,9}',
    'DE|FR',
    '\\p{Lu}\\w+',
    '(?:\\d{3}-)+\\d',
    '[^@]+@[^@]+',
    '\\(x\\)?',
    '[a\\]]+',
    'a{3}',
  ]
  for (const pattern of good) t.ok(isSafePattern(pattern), pattern)
  const bad = [
    '(a+)+$',
    '(a|aa)+',
    '(a*)*',
    '((a)b)+',
    'a*a*a*a*',
    '(?=a)b',
    '(?<!x)y',
    '(?<n>a)\\k<n>',
    '(a)\\1',
    '[',
    'a{1,9999}',
    'a?'.repeat(9),
    'x'.repeat(257),
    '(?:(?:ab)+c){2,}',
    '\\',
  ]
  for (const pattern of bad) t.notOk(isSafePattern(pattern), pattern.slice(0, 40))
  const worst = 'a+.*a+b'
  t.ok(isSafePattern(worst))
  t.notOk(new RegExp(`^(?:${worst})$`, 'u').test('a'.repeat(256)), 'and what is taken ends')
})

t.test('names of attributes', async (t) => {
  t.equal(attributeName('Shoe size'), 'Shoesize')
  t.equal(attributeName('Größe'), 'Gre')
  t.equal(attributeName('9 lives'), undefined)
  t.equal(attributeName('名前'), undefined)
  t.equal(builtInAttribute('CITY')?.id, 'city')
  t.equal(builtInAttribute('email'), undefined)
})

t.test('words count where they are marked as changed', async (t) => {
  const label = { ElementType: 'ClaimType', ElementId: 'city', StringId: 'DisplayName', Override: true, Value: 'Town' }
  const heading = { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Override: true, Value: 'Hello' }
  const list = {
    ElementType: 'ClaimType',
    ElementId: 'city',
    TargetCollection: 'Restriction',
    Override: true,
    Items: [{ Name: 'Hauptstadt', Value: 'B' }],
  }
  const page = (content: Partial<PageContent>): PageContent => ({
    LocalizedStrings: [],
    LocalizedCollections: [],
    ...content,
  })
  const pages = [
    { language: 'en', content: page({ LocalizedStrings: [label, { ...heading, Override: false }] }) },
    { language: 'de', content: page({ LocalizedStrings: [heading], LocalizedCollections: [list] }) },
  ]
  t.strictSame(changedWords(pages), {
    texts: { en: { 'city/DisplayName': 'Town' }, de: { '/heading': 'Hello' } },
    choices: { en: {}, de: { city: { B: 'Hauptstadt' } } },
  })

  t.equal(unknownWords(page({ LocalizedStrings: [label, heading], LocalizedCollections: [list] })), undefined)
  const other = { ...heading, StringId: 'alert_message' }
  t.equal(unknownWords(page({ LocalizedStrings: [label, other] })), 'LocalizedStrings[1]')
  t.equal(unknownWords(page({ LocalizedStrings: [{ ...other, Override: false }] })), undefined)
  t.equal(unknownWords(page({ LocalizedCollections: [{ ...list, TargetCollection: 'x' }] })), 'LocalizedCollections[0]')

  const words = { heading: 'H', intro: 'I', button_continue: 'C' }
  const question = { attributeId: 'city', label: 'City', hint: '', choices: [{ name: 'Berlin', value: 'B' }] }
  const ours = defaultContent(words, [question])
  t.strictSame(changedWords([{ language: 'en', content: ours }]), { texts: { en: {} }, choices: { en: {} } })
  const edited = {
    LocalizedStrings: ours.LocalizedStrings.map((one) => ({ ...one, Override: true })),
    LocalizedCollections: ours.LocalizedCollections.map((one) => ({ ...one, Override: true })),
  }
  t.equal(unknownWords(edited), undefined, 'what is downloaded can be uploaded')
})

t.test('who may', async (t) => {
  const user = (...roles: string[]) => ({ kind: 'user' as const, directoryRoles: new Set(roles) })
  const flows = '6e591065-9bad-43ed-90f3-e9424366d2f0'
  const attributes = '0f971eea-41eb-4569-a71e-57bb8a3eff1e'
  const reader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
  const application = { kind: 'application' as const, directoryRoles: new Set<string>() }
  const cases: [string, Parameters<typeof mayReadFlows>[0], boolean, boolean, boolean][] = [
    ['an application', application, true, true, true],
    ['nobody special', user(), false, false, false],
    ['Global Administrator', user('62e90394-69f5-4237-9190-012177145e10'), true, true, true],
    ['Global Reader', user(reader), true, false, false],
    ['External ID User Flow Administrator', user(flows), true, true, false],
    ['External ID User Flow Attribute Administrator', user(attributes), true, false, true],
  ]
  for (const [who, actor, reads, changesFlows, changesAttributes] of cases) {
    t.equal(mayReadFlows(actor), reads, `${who} reads`)
    t.equal(mayChangeFlows(actor), changesFlows, `${who} changes flows`)
    t.equal(mayChangeAttributes(actor), changesAttributes, `${who} changes attributes`)
  }
})
