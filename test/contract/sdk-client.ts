import { connect, everyPage } from './sdk-connect.js'
import { signUpByHand } from './sign-up-by-hand.js'

/**
 * Microsoft's own client against a running service: `<bootstrap.json>`. A process of its own, because Node reads
 * NODE_EXTRA_CA_CERTS before anything else. Prints what it saw as one JSON document.
 */
const { client, facts } = connect()

const wish = (index: number) => ({
  invitedUserEmailAddress: `guest${index}@partner.example`,
  inviteRedirectUrl: 'https://app.example/welcome',
  sendInvitationMessage: index === 0,
})
const asked = new Date().toISOString()
const created: Record<string, unknown>[] = []
for (let index = 0; index < 7; index++) created.push(await client.api('/invitations').post(wish(index)))

const [first] = created
const guest = first?.['invitedUser'] as { id: string }
await client.api(`/users/${guest.id}`).patch({ jobTitle: 'Auditor' })
const user = await client.api(`/users/${guest.id}`).select(['id', 'jobTitle', 'externalUserState']).get()
const found = await client.api('/users').filter("mail eq 'guest3@partner.example'").select('id,mail').get()

// Self-service sign-up, as an administrator sets it up: the shapes that Graph's documents show.
const reference = (path: string) => ({ '@odata.id': `https://graph.microsoft.com/v1.0/${path}` })
const hobby = await client
  .api('/identity/userFlowAttributes')
  .post({ displayName: 'Hobby', description: 'Your hobby', dataType: 'string' })
await client
  .api('/identity/b2xUserFlows')
  .post({ id: 'Partner', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 })
const flow = '/identity/b2xUserFlows/B2X_1_Partner'
await client.api(`${flow}/userFlowIdentityProviders/$ref`).post(reference('identityProviders/EmailOtpSignup-OAUTH'))
const question = { isOptional: false, requiresVerification: false, userInputType: 'textBox', userAttributeValues: [] }
for (const id of ['city', hobby.id]) {
  await client.api(`${flow}/userAttributeAssignments`).post({ ...question, displayName: id, userAttribute: { id } })
}
await client
  .api(`${flow}/userAttributeAssignments/setOrder`)
  .post({ newAssignmentOrder: { order: [hobby.id, 'city'] } })
const words = await client.api(`${flow}/languages/fr/defaultPages/selfasserted1_1/$value`).get()
const changed = words.LocalizedStrings.map((text: { ElementId: string }) =>
  text.ElementId === hobby.id ? { ...text, Override: true, Value: 'Loisir' } : text,
)
const overrides = `${flow}/languages/fr/overridesPages/selfasserted1_1/$value`
await client.api(overrides).put({ ...words, LocalizedStrings: changed })
await client.api('/policies/authenticationFlowsPolicy').patch({ selfServiceSignUp: { isEnabled: true } })
// The connector of the flow, by the samples of Graph's documents.
const connectors = '/identity/apiConnectors'
const made = await client.api(connectors).post({
  displayName: 'Test API',
  targetUrl: 'https://someapi.example/api',
  authenticationConfiguration: {
    '@odata.type': '#microsoft.graph.basicAuthentication',
    username: 'MyUsername',
    password: 'MyPassword',
  },
})
await client.api(`${connectors}/${made.id}`).patch({ displayName: 'New Test API' })
const slot = `${flow}/apiConnectorConfiguration/postAttributeCollection`
await client.api(`${slot}/$ref`).put(reference(`identity/apiConnectors/${made.id}`))
const connector = {
  made,
  listed: await client.api(connectors).filter("displayName eq 'New Test API'").get(),
  inSlot: await client.api(slot).get(),
  inUse: await complaint(() => client.api(`${connectors}/${made.id}`).delete()),
}
await client.api(slot).patch({ displayName: 'By its slot' })
const bySlot = await client.api(`${connectors}/${made.id}`).get()
await client.api(slot).delete()
const gone = await complaint(() => client.api(`${connectors}/${made.id}`).get())
await client.api(`${flow}/languages/de`).patch({ isEnabled: false })
const german = await client.api(`${flow}/languages`).post({ id: 'de', isEnabled: true })

const signUp = {
  bySlot,
  gone,
  german,
  flow: await client.api(flow).get(),
  providers: await client.api(`${flow}/userFlowIdentityProviders`).get(),
  assignments: await client.api(`${flow}/userAttributeAssignments`).expand('userAttribute').get(),
  order: await client.api(`${flow}/userAttributeAssignments/getOrder()`).get(),
  languages: await client.api(`${flow}/languages`).get(),
  words: await client.api(overrides).get(),
  policy: await client.api('/policies/authenticationFlowsPolicy').get(),
  inUse: await complaint(() => client.api(`/identity/userFlowAttributes/${hobby.id}`).delete()),
}

// Those who want in, in a flow that asks somebody: an addition, in the shapes of the dialect.
await client.api(flow).patch({ requiresApproval: true })
const answers = { city: 'Porto', [hobby.id]: 'Chess' }
const pages: (string | undefined)[] = []
for (const name of ['gil', 'dora']) {
  pages.push((await signUpByHand(facts, 'B2X_1_Partner', `${name}@visitor.example`, answers)).name)
}
const requests = `${flow}/signUpRequests`
const waiting = await client
  .api(requests)
  .header('ConsistencyLevel', 'eventual')
  .count(true)
  .filter("status eq 'PendingApproval'")
  .select('id,email')
  .orderby('email')
  .get()
const [dora, gil] = waiting.value.map(({ id }: { id: string }) => `${requests}/${id}`)
const approval = {
  pages,
  waiting,
  one: await client.api(gil).get(),
  approved: await client.api(`${gil}/approve`).post({}),
  denied: await client.api(`${dora}/deny`).post({ reason: 'No partner of ours.' }),
  again: await complaint(() => client.api(`${gil}/deny`).post({})),
  guest: await client.api('/users').filter("mail eq 'gil@visitor.example'").select(['id', 'city', hobby.id]).get(),
  paged: await idsOf(`${requests}?$top=1&$select=id`),
}
await client.api(dora).delete()
await client.api(`/users/${approval.guest.value[0].id}`).delete()

const report = {
  signUp,
  approval,
  connector,
  hobby,
  asked,
  created,
  user,
  found,
  users: await idsOf('/users?$top=3&$select=id'),
  invitations: await idsOf('/invitations?$top=2'),
  error: await complaint(() =>
    client.api('/invitations').post({ ...wish(8), inviteRedirectUrl: 'javascript:alert(1)' }),
  ),
  notFound: await complaint(() => client.api(`/users/${crypto.randomUUID()}`).get()),
}
process.stdout.write(JSON.stringify(report))

async function idsOf(path: string): Promise<{ ids: unknown[]; nextLink: string | undefined }> {
  const { items, nextLink } = await everyPage(client, path)
  return { ids: items.map(({ id }) => id), nextLink }
}

/** What the client makes of an error answer: a `GraphError`. */
async function complaint(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return { answered: await work() }
  } catch (error) {
    const { statusCode, code, message, requestId, date, body } = error as Record<string, unknown>
    return { statusCode, code, message, requestId, date, body }
  }
}
