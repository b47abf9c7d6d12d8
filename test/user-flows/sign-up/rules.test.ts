import fc from 'fast-check'
import t from 'tap'
import type { Home } from '../../../src/sign-in/index.js'
import { claimsOfFlow, fieldsFor, readAnswers } from '../../../src/user-flows/sign-up/attribute-values.js'
import { matches } from '../../../src/user-flows/sign-up/pattern.js'
import {
  type Course,
  claimsFor,
  type Event,
  finalClaims,
  mayConfirmByCode,
  mayTake,
  nextStep,
  offeredWays,
  type Proof,
  type Run,
  type Step,
} from '../../../src/user-flows/sign-up/rules.js'
import type { FlowAttribute } from '../../../src/user-flows/words.js'
import { acts, begunRun, courses, play } from './model.js'

const proof: Proof = {
  identity: { signInType: 'federated', issuer: 'mail', issuerAssignedId: 'ana@partner.example' },
  address: 'ana@partner.example',
  folded: 'ana@partner.example',
  toldAddress: null,
  method: 'emailOneTimePasscode',
  homeClaims: [],
  provider: 'mail',
  claims: { displayName: 'Ana', surname: '' },
}
const begun = begunRun('r')
const plain: Course = { asksAfterProof: false, asksAfterAnswers: false, termsOfUseUrl: undefined }
const full: Course = { asksAfterProof: true, asksAfterAnswers: true, termsOfUseUrl: 'https://a.example/terms' }

t.test('the step that is due', async (t) => {
  const cases: [title: string, run: Partial<Run> | undefined, course: Course, step: Step][] = [
    ['nothing is begun', undefined, plain, 'prove'],
    ['nobody is proved', {}, full, 'prove'],
    ['a home that answers for no address', { proof: { ...proof, address: null } }, full, 'confirmAddress'],
    ['the first connector', { proof }, full, 'enrich'],
    ['no connector', { proof }, plain, 'answer'],
    ['the form, after the first connector', { proof, prefill: {} }, full, 'answer'],
    ['the second connector', { proof, prefill: {}, answers: {} }, full, 'check'],
    ['a correction', { proof, prefill: {}, answers: {}, notice: 'No.' }, full, 'answer'],
    ['the terms', { proof, prefill: {}, answers: {}, overrides: {} }, full, 'agree'],
    [
      'everything is there',
      { proof, prefill: {}, answers: {}, overrides: {} },
      { ...full, termsOfUseUrl: undefined },
      'finish',
    ],
    ['everything that a short flow asks', { proof, answers: {} }, plain, 'finish'],
    ['a connector that was added behind', { proof, answers: {}, overrides: {} }, full, 'enrich'],
    ['it has ended', { ending: { kind: 'guest', userId: 'u' } }, full, 'ended'],
    ['a block', { proof, ending: { kind: 'blocked', userMessage: 'No.' } }, full, 'ended'],
  ]
  for (const [title, run, course, step] of cases) t.equal(nextStep(run && { ...begun, ...run }, course), step, title)
})

t.test('what may happen at a step', async (t) => {
  const steps: Step[] = ['prove', 'confirmAddress', 'enrich', 'answer', 'check', 'agree', 'finish', 'ended']
  const allowed: Record<Event, Step[]> = {
    begin: ['prove', 'confirmAddress'],
    prove: ['prove', 'confirmAddress'],
    enrich: ['enrich'],
    answer: ['answer', 'check', 'agree', 'finish'],
    check: ['check'],
    agree: ['agree'],
    finish: ['finish'],
    restart: ['confirmAddress', 'enrich', 'answer', 'check', 'agree', 'finish', 'ended'],
  }
  for (const [event, at] of Object.entries(allowed)) {
    t.strictSame(
      steps.filter((step) => mayTake(event as Event, step)),
      at,
      event,
    )
  }
})

t.test('no order of events makes two guests, skips a step or loses an answer, statement by statement', async (t) => {
  let made = 0
  await fc.assert(
    fc.asyncProperty(acts(['a', 'b', 'silent']), courses, async (events, course) => {
      const { model, browsers, act } = await play(events, course, (model, operation) => model.take(operation))
      made += model.users.length
      // Whatever that left behind, somebody who does one thing after the other arrives.
      const before = model.users.length
      const who = { person: 3, home: 'a' as const }
      const steps = ['restart', 'begin', 'arrive', 'open', 'answer', 'agree'] as const
      for (const what of steps) await act({ what, browser: 0, who, city: 'Gent', says: 'continue', waits: 0 })
      if (model.users.length !== before + 1) throw new Error('nobody got through')
      if (!model.signedIn.has(browsers[0]?.session ?? -1)) throw new Error('and is signed in')
    }),
    { numRuns: 3_000 },
  )
  t.ok(made > 500, 'on the way there guests were made')
})

t.test('ways that a flow takes', async (t) => {
  const tenant: Home = { kind: 'tenant', key: 'organization', tenantId: 'x', name: 'X' }
  const code: Home = { kind: 'passcode', key: 'code' }
  const at = (providerId: string, provider: 'saml' | 'google' | 'microsoft'): Home => ({
    kind: 'provider',
    key: provider,
    providerId,
    name: providerId,
    provider,
  })
  const codes = 'EmailOtpSignup-OAUTH'
  const cases: [title: string, homes: Home[], offers: string[], passcodes: boolean, ways: string[]][] = [
    ['a code where nobody speaks for the domain', [code], [codes], true, ['code']],
    ['no code where the flow has none', [code], ['Google-OAUTH'], true, []],
    ['no code where the organization has none', [code], [codes], false, []],
    ['an organization of the deployment', [tenant], [codes, 'AADSignup-OAUTH'], true, ['organization']],
    ['no code around an organization', [tenant], [codes], true, []],
    ['no code around a federation', [at('fed', 'saml')], [codes], true, []],
    ['a federation that the flow has', [at('fed', 'saml')], [codes, 'fed'], true, ['saml']],
    ['Google, where the flow has it', [at('Google-OAUTH', 'google')], [codes, 'Google-OAUTH'], true, ['google']],
    ['a code for gmail.com, where it has not', [at('Google-OAUTH', 'google')], [codes], true, ['code']],
    ['no account here', [{ kind: 'local', key: 'account' }], ['EmailPassword-OAUTH'], true, []],
  ]
  for (const [title, homes, identityProviderIds, passcodes, ways] of cases) {
    t.strictSame(
      offeredWays(homes, { identityProviderIds }, passcodes).map(({ key }) => key),
      ways,
      title,
    )
  }
  t.equal(mayConfirmByCode([code]), true)
  t.equal(mayConfirmByCode([at('Google-OAUTH', 'google')]), true)
  t.equal(mayConfirmByCode([at('fed', 'saml')]), false)
  t.equal(mayConfirmByCode([tenant]), false)
  t.equal(mayConfirmByCode([at('fed', 'saml'), code]), true, 'where an administrator allows codes beside it')
})

t.test('claims', async (t) => {
  t.strictSame(claimsFor(proof, { city: 'Porto', email: 'other@evil.example' }), {
    displayName: 'Ana',
    city: 'Porto',
    identities: [proof.identity],
    email: 'ana@partner.example',
  })
  const directory = { ...proof, identity: { ...proof.identity, issuer: 'ExternalAzureAD' } }
  t.notOk('identities' in claimsFor(directory, null), 'people of an organization are told by their address alone')
  t.strictSame(finalClaims({ proof, answers: { city: 'Porto', state: '' }, overrides: { city: 'Lisboa' } }), {
    displayName: 'Ana',
    city: 'Lisboa',
  })
})

const base: FlowAttribute = {
  claim: 'city',
  attributeId: 'city',
  label: 'City',
  dataType: 'string',
  inputType: 'textBox',
  isRequired: true,
  values: [],
}
const choice = [
  { name: 'Parts', value: 'parts', isDefault: false },
  { name: 'Services', value: 'services', isDefault: true },
]

t.test('answers are read by what is asked', async (t) => {
  const cases: [title: string, attribute: Partial<FlowAttribute>, fields: Record<string, string>, expected: unknown][] =
    [
      ['a text', {}, { city: ' Porto ' }, 'Porto'],
      ['nothing, where it is required', {}, { city: '  ' }, { kind: 'required' }],
      ['nothing, where it is not', { isRequired: false }, {}, undefined],
      ['more than a property holds', {}, { city: 'x'.repeat(257) }, { kind: 'tooLong' }],
      ['a pattern', { validation: { regularExpression: 'P\\d{3}' } }, { city: 'P123' }, 'P123'],
      [
        'a pattern that matches a part only',
        { validation: { regularExpression: 'P\\d{3}', message: 'P and three digits.' } },
        { city: 'P1234' },
        { kind: 'pattern', message: 'P and three digits.' },
      ],
      ['a number', { dataType: 'int64', inputType: 'numberBox' }, { city: '1 200' }, 1200],
      ['a number in Arabic digits', { dataType: 'int64', inputType: 'numberBox' }, { city: '٤٠' }, 40],
      ['no number', { dataType: 'int64', inputType: 'numberBox' }, { city: 'about 40' }, { kind: 'notNumber' }],
      [
        'too big to be exact',
        { dataType: 'int64', inputType: 'numberBox' },
        { city: '9007199254740993' },
        { kind: 'notNumber' },
      ],
      [
        'too small',
        { dataType: 'int64', inputType: 'numberBox', validation: { minimum: 5 } },
        { city: '4' },
        { kind: 'tooSmall', bound: 5 },
      ],
      ['an address', { inputType: 'emailBox' }, { city: 'a@b.example' }, 'a@b.example'],
      ['no address', { inputType: 'emailBox' }, { city: 'a@b' }, { kind: 'notAddress' }],
      ['a choice', { inputType: 'radioSingleSelect', values: choice }, { city: 'parts' }, 'parts'],
      [
        'no choice of ours',
        { inputType: 'dropdownSingleSelect', values: choice },
        { city: 'x' },
        { kind: 'notChoice' },
      ],
      ['yes', { dataType: 'boolean', inputType: 'radioSingleSelect' }, { city: 'true' }, true],
      ['a ticked box', { dataType: 'boolean', inputType: 'checkbox' }, { city: 'true' }, true],
      ['a box that has to be ticked', { dataType: 'boolean', inputType: 'checkbox' }, {}, { kind: 'unticked' }],
      ['a box that has not', { dataType: 'boolean', inputType: 'checkbox', isRequired: false }, {}, false],
      [
        'several',
        { dataType: 'stringCollection', inputType: 'checkboxMultiSelect', values: choice },
        { 'city.0': 'parts', 'city.1': 'services' },
        ['parts', 'services'],
      ],
      [
        'several as one text',
        { inputType: 'checkboxMultiSelect', values: choice },
        { 'city.0': 'parts', 'city.1': 'evil' },
        'parts',
      ],
      [
        'a date',
        { dataType: 'dateTime', inputType: 'dateTimeDropdown' },
        { 'city.day': '5', 'city.month': '06', 'city.year': '2024' },
        '2024-06-05T00:00:00Z',
      ],
      [
        'a day that does not exist',
        { dataType: 'dateTime', inputType: 'dateTimeDropdown' },
        { 'city.day': '31', 'city.month': '2', 'city.year': '2025' },
        { kind: 'notDate' },
      ],
    ]
  for (const [title, attribute, fields, expected] of cases) {
    const { claims, problems } = readAnswers([{ ...base, ...attribute }], fields)
    t.strictSame(problems.get('city') ?? claims['city'], expected, title)
    const isProblem = problems.size > 0
    if (isProblem || expected === undefined) continue
    const again = readAnswers([{ ...base, ...attribute }], fieldsFor([{ ...base, ...attribute }], claims))
    t.strictSame(again.claims, claims, `${title}: what stands in the form then is the same answer`)
  }
})

t.test('defaults stand in the form until somebody answers', async (t) => {
  const list: FlowAttribute = { ...base, inputType: 'dropdownSingleSelect', values: choice }
  t.strictSame(fieldsFor([list], {}), { city: 'services' })
  t.strictSame(fieldsFor([{ ...base, defaultValue: 'Porto' }], {}), { city: 'Porto' })
  t.strictSame(fieldsFor([{ ...base, defaultValue: 'Porto' }], { city: 'Gent' }), { city: 'Gent' })
})

t.test('what connectors return counts where the flow asks it, as a value of its type', async (t) => {
  const id = '0123456789abcdef0123456789abcdef'
  const level: FlowAttribute = { ...base, claim: `extension_${id}_Level`, dataType: 'int64' }
  const flow = { attributes: [base, level, { ...base, claim: 'email' }] }
  t.strictSame(
    claimsOfFlow(flow, {
      City: 'Porto',
      extension_Level: '7',
      department: 'not asked',
      email: 'other@evil.example',
      identities: [],
    }),
    { city: 'Porto', [level.claim]: 7 },
  )
  t.strictSame(claimsOfFlow(flow, { [level.claim]: 'many', city: 'x'.repeat(300) }), {})
})

t.test('a pattern that backtracks for ever matches nothing, and ends', async (t) => {
  t.equal(matches('(a+)+', `${'a'.repeat(60)}!`), false)
  t.equal(matches('(', 'x'), false, 'what is no pattern matches nothing')
  t.equal(matches('a|b', 'ab'), false, 'the whole text is compared')
})
