import t from 'tap'
import { startService, type TestService } from '../support/service.js'

const FLOWS = '/identity/b2xUserFlows'
let service: TestService
t.before(async () => {
  service = await startService(t, { workers: false })
})

t.test('x', async (t) => {
  const show = async (...[method, path, body, options]: Parameters<TestService['api']>) => {
    const a = await service.api(method, path, body, options)
    console.error(method, path, a.status, a.text.slice(0, 1500), a.headers.get('etag'), a.headers.get('location'))
    return a
  }
  await show('POST', FLOWS, { id: 'Partner', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 })
  await show('GET', FLOWS)
  await show('GET', `${FLOWS}/b2x_1_partner?$expand=userFlowIdentityProviders,languages,approvers,applications,userAttributeAssignments`)
  await show('GET', `${FLOWS}?$filter=id eq 'B2X_1_Partner'`)
  await show('GET', `${FLOWS}/$count`, undefined, { headers: { consistencylevel: 'eventual' } })
  await show('PATCH', `${FLOWS}/B2X_1_Partner`, { requiresApproval: true, termsOfUseUrl: 'https://contoso.example/terms' })
  await show('POST', `${FLOWS}/B2X_1_Partner/userFlowIdentityProviders/$ref`, { '@odata.id': 'https://graph.microsoft.com/v1.0/identityProviders/EmailOtpSignup-OAUTH' })
  await show('GET', `${FLOWS}/B2X_1_Partner/userFlowIdentityProviders`)
  await show('GET', `${FLOWS}/B2X_1_Partner/identityProviders`)
  await show('GET', `${FLOWS}/B2X_1_Partner/userFlowIdentityProviders/$ref`)
  await show('GET', `/identity/userFlowAttributes`)
  await show('GET', `/identity/userFlowAttributes?$filter=displayName eq 'City'`)
  const made = await show('POST', `/identity/userFlowAttributes`, { displayName: 'Shoe size', description: 'Yours', dataType: 'int64' })
  await show('GET', `/identity/userFlowAttributes?$filter=userFlowAttributeType eq 'custom'`)
  await show('GET', `/identity/userFlowAttributes/City`)
  await show('POST', `${FLOWS}/B2X_1_Partner/userAttributeAssignments`, { isOptional: false, requiresVerification: false, userInputType: 'TextBox', displayName: 'Shoe size', userAttributeValues: [], userAttribute: { id: made.body.id } })
  await show('POST', `${FLOWS}/B2X_1_Partner/userAttributeAssignments`, { isOptional: true, requiresVerification: false, userInputType: 'dropdownSingleSelect', userAttributeValues: [{ name: 'Berlin', value: 'B', isDefault: 'True' }], userAttribute: { id: 'City' } })
  await show('GET', `${FLOWS}/B2X_1_Partner/userAttributeAssignments?$expand=userAttribute`)
  await show('GET', `${FLOWS}/B2X_1_Partner/userAttributeAssignments/getOrder()`)
  await show('POST', `${FLOWS}/B2X_1_Partner/userAttributeAssignments/setOrder`, { newAssignmentOrder: { order: ['city', made.body.id] } })
  await show('GET', `${FLOWS}/B2X_1_Partner/userAttributeAssignments/getOrder`)
  await show('GET', `${FLOWS}/B2X_1_Partner/userAttributeAssignments/City/userAttribute`)
  await show('DELETE', `/identity/userFlowAttributes/${made.body.id}`)
  await show('GET', `${FLOWS}/B2X_1_Partner/languages`)
  await show('GET', `${FLOWS}/B2X_1_Partner/languages/de/overridesPages`)
  await show('GET', `${FLOWS}/B2X_1_Partner/languages/de/overridesPages/selfasserted1_1/$value`)
  await show('PUT', `${FLOWS}/B2X_1_Partner/languages/de/overridesPages/selfasserted1_1/$value`, { LocalizedStrings: [{ ElementType: 'ClaimType', ElementId: 'city', StringId: 'DisplayName', Override: true, Value: 'Stadt' }] })
  await show('GET', `${FLOWS}/B2X_1_Partner/languages/de/defaultPages/selfasserted1_1/$value`)
  await show('GET', `${FLOWS}/B2X_1_Partner/apiConnectorConfiguration?$expand=postFederationSignup,postAttributeCollection`)
  await show('POST', `${FLOWS}/B2X_1_Partner/approvers/$ref`, { '@odata.id': `https://x/v1.0/directoryObjects/${service.adminId}` })
  await show('GET', `${FLOWS}/B2X_1_Partner/approvers`)
  const [app] = await service.rows(`select id from applications where app_id = '${service.clientId}'`)
  await show('POST', `${FLOWS}/B2X_1_Partner/applications/$ref`, { '@odata.id': `https://x/v1.0/applications/${app?.['id']}` })
  await show('GET', `${FLOWS}/B2X_1_Partner/applications?$select=displayName`)
  await show('DELETE', `${FLOWS}/B2X_1_Partner`)
})
