import t from 'tap'
import type { Claims, FlowAttribute } from '../../src/user-flows/index.js'
import {
  type Answer,
  answersOf,
  isInTheWay,
  mayDecide,
  mayDelete,
  mayRead,
  readReason,
  type State,
  stateAt,
  waitsUntil,
} from '../../src/user-flows/requests/rules.js'

const now = new Date('2026-11-21T10:00:00Z')
const at = (text: string) => new Date(text)

t.test('what is true of a request at a moment', async (t) => {
  const cases: [title: string, state: State, expires: string, is: State][] = [
    ['one that waits', 'pending', '2026-11-21T10:00:01Z', 'pending'],
    ['it has lapsed at its moment, whatever ran', 'pending', '2026-11-21T10:00:00Z', 'lapsed'],
    ['what was decided stays so', 'approved', '2026-11-20T10:00:00Z', 'approved'],
    ['also a no', 'denied', '2026-11-20T10:00:00Z', 'denied'],
  ]
  for (const [title, state, expires, is] of cases) {
    t.equal(stateAt({ state, expiresDateTime: at(expires) }, now), is, title)
  }
  t.strictSame((['pending', 'denied', 'approved', 'lapsed'] as const).filter(isInTheWay), ['pending', 'denied'])
})

t.test('until when a request waits', async (t) => {
  t.strictSame(waitsUntil(now, undefined, 30), at('2026-12-21T10:00:00Z'), 'as the organization says')
  t.strictSame(waitsUntil(now, 2, 30), at('2026-11-23T10:00:00Z'), 'the flow goes before it')
})

t.test('who decides, sees and deletes', async (t) => {
  const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10'
  const flowAdministrator = '6e591065-9bad-43ed-90f3-e9424366d2f0'
  const globalReader = 'f2ef992c-3afb-46b9-b7cf-a126ee74c451'
  const userAdministrator = 'fe930be7-5e62-47db-91af-98c3a49a38b1'
  type Case = [title: string, kind: 'application' | 'user', role: string | undefined, approver: boolean, may: string]
  const cases: Case[] = [
    ['an application, by its permission', 'application', undefined, false, 'see decide delete'],
    ['an approver', 'user', undefined, true, 'see decide'],
    ['anybody else', 'user', undefined, false, ''],
    ['a Global Administrator', 'user', globalAdministrator, false, 'see decide delete'],
    ['who administers user flows', 'user', flowAdministrator, false, 'see decide delete'],
    ['a Global Reader', 'user', globalReader, false, 'see'],
    ['who administers users is no approver', 'user', userAdministrator, false, ''],
  ]
  for (const [title, kind, role, isApprover, may] of cases) {
    const asker = { kind, directoryRoles: new Set(role === undefined ? [] : [role]) }
    const told = [
      ...(mayRead(asker, isApprover) ? ['see'] : []),
      ...(mayDecide(asker, isApprover) ? ['decide'] : []),
      ...(mayDelete(asker) ? ['delete'] : []),
    ]
    t.equal(told.join(' '), may, title)
  }
})

t.test('what approvers read of the answers', async (t) => {
  const attribute = (claim: string, values: FlowAttribute['values'] = []): FlowAttribute => ({
    claim,
    attributeId: claim,
    label: `The ${claim}`,
    dataType: 'string',
    inputType: 'textBox',
    isRequired: false,
    values,
  })
  const colours = attribute('colours', [
    { name: 'Red', value: 'r', isDefault: false },
    { name: 'Blue', value: 'b', isDefault: false },
  ])
  const cases: [title: string, claims: Claims, answers: Answer[]][] = [
    ['nothing where nothing was answered', {}, []],
    ['text as it is', { city: 'Porto' }, [{ name: 'city', label: 'The city', value: 'Porto' }]],
    [
      'choices by their words',
      { colours: ['b', 'r'] },
      [{ name: 'colours', label: 'The colours', value: 'Blue, Red' }],
    ],
    ['what is no choice any more as it is', { colours: 'x' }, [{ name: 'colours', label: 'The colours', value: 'x' }]],
    ['a tick', { city: false }, [{ name: 'city', label: 'The city', value: 'false' }]],
    ['nothing that the flow does not ask', { jobTitle: 'Boss' }, []],
  ]
  for (const [title, claims, answers] of cases) {
    t.strictSame(answersOf([attribute('city'), colours], claims), answers, title)
  }
})

t.test('a reason', async (t) => {
  t.equal(readReason('  No partner of ours.\r\nAsk Eva. '), 'No partner of ours.\nAsk Eva.')
  for (const nothing of ['', ' \n ', null, undefined]) t.equal(readReason(nothing), undefined)
})
