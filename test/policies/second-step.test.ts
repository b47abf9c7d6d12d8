import t from 'tap'
import type { GuestAuthenticationPolicy } from '../../src/policies/documents.js'
import { isMfaClaim, type Proof, provesEnough, type Subject, secondStepDemand } from '../../src/policies/rules.js'
import { startService } from '../support/service.js'

const off: GuestAuthenticationPolicy = { isMfaRequired: false, isMfaAccepted: false }
const own: GuestAuthenticationPolicy = { isMfaRequired: true, isMfaAccepted: false }
const trusting: GuestAuthenticationPolicy = { isMfaRequired: true, isMfaAccepted: true }
const careless: GuestAuthenticationPolicy = { isMfaRequired: false, isMfaAccepted: true }

const guest: Subject = { userType: 'Guest', isExternal: true }
const member: Subject = { userType: 'Member', isExternal: false }
const externalMember: Subject = { userType: 'Member', isExternal: true }
const localGuest: Subject = { userType: 'Guest', isExternal: false }

const passcode: Proof = { amr: ['otp'], homeClaims: [] }
const stepped: Proof = { amr: ['otp', 'mfa'], homeClaims: [] }
const home = (...homeClaims: string[]): Proof => ({ amr: [], homeClaims })

const cases: [title: string, policy: GuestAuthenticationPolicy, who: Subject, proof: Proof, isEnough: boolean][] = [
  ['nothing is asked while the switch is off', off, guest, passcode, true],
  ['trust alone asks for nothing', careless, guest, passcode, true],
  ['a guest with a passcode', own, guest, passcode, false],
  ['a guest with a passcode and a second step of ours', own, guest, stepped, true],
  ['a member whose identity lives elsewhere', own, externalMember, passcode, false],
  ['a guest with an account of ours', own, localGuest, passcode, false],
  ['a member of the organization', own, member, passcode, true],
  ['a guest who passed it at home, whom the policy does not believe', own, guest, home('pwd', 'mfa'), false],
  ['a guest who passed it at home, whom it believes', trusting, guest, home('pwd', 'mfa'), true],
  ['a home provider of Entra', trusting, guest, home('http://schemas.microsoft.com/claims/multipleauthn'), true],
  ['a home provider that says it with acr', trusting, guest, home('https://refeds.org/profile/mfa'), true],
  ['a home provider that says otp, which may be the only factor', trusting, guest, home('otp'), false],
  ['claims that only look alike', trusting, guest, home('MFA', 'xmfa', 'mfa ', 'nomfa'), false],
  ['a home provider that says nothing', trusting, guest, home(), false],
  ['a passcode, where home is believed', trusting, guest, passcode, false],
]

t.test('whether a second step is due, by policy, person and proof', async (t) => {
  for (const [title, policy, who, proof, isEnough] of cases) {
    const decision = provesEnough(secondStepDemand(policy, who), proof)
    t.equal(decision.allowed, isEnough, title)
    t.equal(decision.refusal?.code, isEnough ? undefined : 'secondStepMissing', title)
    t.strictSame(
      decision.checks.map(({ name, outcome }) => [name, outcome]),
      [['guestAuthenticationPolicy', isEnough ? 'passed' : 'failed']],
      title,
    )
  }
})

t.test('the statement that looks for itself says the same in every case', async (t) => {
  const service = await startService(t, { workers: false })
  for (const [title, policy, who, proof, isEnough] of cases) {
    const [row] = await service.services.database.sql`
      select sign_in_proves_enough(${JSON.stringify(proof)}::text::jsonb,
        ${JSON.stringify(secondStepDemand(policy, who))}::text::jsonb) as enough`
    t.equal(row?.['enough'], isEnough, title)
  }
})

t.test('what home providers say of more than one factor', async (t) => {
  t.ok(isMfaClaim('mfa'))
  t.notOk(isMfaClaim('pwd'))
})

t.test('the switch over the API', async (t) => {
  const service = await startService(t, { workers: false })
  const path = '/policies/guestAuthenticationPolicy'
  const get = async () => {
    const { '@odata.context': context, ...policy } = (await service.api('GET', path)).body
    t.equal(context, `${service.baseUrl}/v1.0/$metadata#policies/guestAuthenticationPolicy/$entity`)
    return policy
  }
  t.strictSame(await get(), { isMfaRequired: false, isMfaAccepted: false }, 'off unless switched on')
  t.equal((await service.api('PATCH', path, { isMfaRequired: true })).status, 204)
  t.equal((await service.api('PATCH', path, { isMfaAccepted: true })).status, 204)
  t.strictSame(await get(), { isMfaRequired: true, isMfaAccepted: true }, 'a change leaves what it does not name')
  t.equal((await service.api('PATCH', path, { isMfaRequired: 'yes' })).status, 400)

  const reader = await service.appToken(['Policy.Read.All'])
  t.equal((await service.api('GET', path, undefined, { token: reader })).status, 200)
  t.equal((await service.api('PATCH', path, { isMfaRequired: false }, { token: reader })).status, 403)
  const other = await service.otherTenant('other.example')
  const theirs = await service.api('GET', path, undefined, { token: other.token })
  t.equal(theirs.body.isMfaRequired, false, 'another organization has a switch of its own')
  const [row] = await service.rows(
    `select additional_details->'changes' as changes from audit_events where activity_display_name = 'Update policy'
     order by id limit 1`,
  )
  t.strictSame(row?.['changes'], { isMfaRequired: true })
})
