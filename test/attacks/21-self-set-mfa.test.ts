import t from 'tap'
import { askForSecondStep, stepOf } from '../support/authenticator.js'
import { startService } from '../support/service.js'
import { changesNothing, invited, rowsOf, signedIn } from './scene.js'

t.test('no field, parameter or cookie says that the second step was passed', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  guest.cookies.set('amr', 'mfa')
  const claims = { amr: 'mfa', mfa: 'true', acr: 'mfa', homeClaims: 'mfa', provesEnough: 'true', demand: '' }
  await changesNothing(t, service, async () => {
    const query = new URLSearchParams(claims).toString()
    for (const fields of [claims, { ...claims, choice: 'accept' }, { ...claims, action: 'kept' }]) {
      t.equal(stepOf(await guest.post(`${ana.link}&${query}`, fields)), 'mfa enrol')
    }
  })
  t.strictSame(await rowsOf(service, 'select amr, home_claims from sessions'), [{ amr: ['otp'], home_claims: [] }])
})

t.test('what the home provider says counts only where the organization believes it, and never as ours', async (t) => {
  const service = await startService(t, { workers: false })
  await askForSecondStep(service)
  const ana = await invited(service, 'ana@partner.example')
  const guest = await signedIn(service, ana)
  await service.rows("update sessions set home_claims = '{pwd,mfa}'")
  t.equal(stepOf(await guest.get(ana.link)), 'mfa enrol', 'not believed')
  t.equal(stepOf(await guest.post(ana.link, { choice: 'accept' })), 'mfa enrol')
  await askForSecondStep(service, { isMfaAccepted: true })
  t.equal((await guest.get(ana.link)).name, 'consent', 'believed')
  await service.rows("update sessions set home_claims = '{pwd,otp}'")
  t.equal(stepOf(await guest.post(ana.link, { choice: 'accept' })), 'mfa enrol', 'one factor is not two')
})
