import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { askConnector, type Claims, type ConnectorAnswer, type ConnectorStep } from '../../src/user-flows/index.js'
import { accepted, changesNothing } from '../attacks/scene.js'
import { Person } from '../my-apps/world.js'
import { startService } from '../support/service.js'
import { makeFlow, Visitor } from './sign-up/flow.js'

/**
 * The approval pattern of API connectors with a system that an organization wrote for itself: slot 1 asks how far a request
 * is, slot 2 makes one, and a yes creates the guest by what the request said (Entra: self-service-sign-up-add-approvals).
 */
const service = await startService(t)
const token = await service.appToken(['User.ReadWrite.All'], 'Approvals')

/** What the approval system knows of somebody, by address: the request as it came. */
type Asked = { claims: Record<string, any>; state: 'waiting' | 'denied' | 'approved' }
const requests = new Map<string, Asked>()
const BLOCK = { version: '1.0.0', action: 'ShowBlockPage' }

/** A small external approval system: plain Node, and Microsoft's answers. */
async function startApprovals(): Promise<string> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const answer = (body: object) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (request.headers.authorization !== `Basic ${Buffer.from('vestibule:secret').toString('base64')}`) {
      return response.writeHead(401).end()
    }
    const claims = JSON.parse(text)
    const known = requests.get(claims.email)
    if (request.url === '/status') {
      if (known?.state === 'waiting') return answer({ ...BLOCK, userMessage: 'Your request is being processed.' })
      if (known?.state === 'denied') return answer({ ...BLOCK, userMessage: 'Your request was denied.' })
      return answer({ version: '1.0.0', action: 'Continue' })
    }
    requests.set(claims.email, { claims, state: 'waiting' })
    return answer({ ...BLOCK, userMessage: 'Your request is waiting for approval.' })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return `http://localhost:${address.port}`
}

const approvals = await startApprovals()
const connectorAt = async (path: string): Promise<string> => {
  const made = await service.api('POST', '/identity/apiConnectors', {
    displayName: path,
    targetUrl: approvals + path,
    authenticationConfiguration: {
      '@odata.type': '#microsoft.graph.basicAuthentication',
      username: 'vestibule',
      password: 'secret',
    },
  })
  if (made.status !== 201) throw new Error(made.text)
  return made.body.id
}
const connectors: Record<ConnectorStep, string> = {
  PostFederationSignup: await connectorAt('/status'),
  PostAttributeCollection: await connectorAt('/request'),
}

/** What a flow asks in a slot about this visitor. */
function ask(step: ConnectorStep, claims: Claims): Promise<ConnectorAnswer> {
  return askConnector(service.services, {
    tenantId: service.tenantId,
    connectorId: connectors[step],
    step,
    claims,
    locale: 'en',
    idempotencyKey: `${step} ${claims['email']}`,
  })
}

/** What the approval system does with a yes: the guest is made of the request, word by word. */
async function approve(email: string, spelled?: string) {
  const asked = requests.get(email)
  if (!asked) throw new Error(`nobody asked for ${email}`)
  const { identities, displayName, city } = asked.claims
  const [identity] = identities
  const made = await service.api(
    'POST',
    '/users',
    {
      userPrincipalName: `${email.replace('@', '_')}#EXT@contoso.example`,
      accountEnabled: true,
      mail: email,
      userType: 'Guest',
      identities: [{ ...identity, ...(spelled && { issuer: spelled }) }],
      displayName,
      city,
    },
    { token },
  )
  if (made.status === 201) asked.state = 'approved'
  return made
}

const mailbox = (email: string) => ({
  email,
  identities: [{ signInType: 'federated' as const, issuer: 'mail', issuerAssignedId: email }],
  displayName: 'Gil Carvalho',
})

t.test('both slots, a yes by hand, and the guest signs in by the mailbox they proved', async (t) => {
  const email = 'gil@partner.example'
  t.match(await ask('PostFederationSignup', mailbox(email)), { action: 'Continue' }, 'never asked')
  t.match(await ask('PostAttributeCollection', { ...mailbox(email), city: 'Porto' }), {
    action: 'ShowBlockPage',
    userMessage: 'Your request is waiting for approval.',
  })
  t.match(await ask('PostFederationSignup', mailbox(email)), {
    action: 'ShowBlockPage',
    userMessage: 'Your request is being processed.',
  })
  const made = await approve(email)
  t.equal(made.status, 201, made.text)
  const select = '$select=userPrincipalName,userType,creationType,externalUserState,identities,city'
  t.match((await service.api('GET', `/users/${made.body.id}?${select}`)).body, {
    userPrincipalName: 'gil_partner.example#EXT#@contoso.example',
    userType: 'Guest',
    creationType: null,
    externalUserState: null,
    city: 'Porto',
    identities: [{ signInType: 'federated', issuer: 'mail' }, { signInType: 'userPrincipalName' }],
  })
  const guest = await new Person(service).signIn(`/myapps?tenant=${service.tenantId}`, email)
  t.match(guest, { name: 'my-apps', status: 200 })
  t.match(guest.page, '/myaccount/leave?', 'as a guest, who may leave')
  const wish = { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/' }
  t.match((await service.api('POST', '/invitations/evaluate', wish)).body, { allowed: true })
  const invited = await service.api('POST', '/invitations', wish)
  t.equal(invited.status, 201, invited.text)
  t.equal(invited.body.invitedUser.id, made.body.id, 'who is invited again is the same guest')
})

t.test(
  'a visitor at the pages of a flow is stopped, told how far it is, and passes once the guest is there',
  async (t) => {
    const email = 'ida@partner.example'
    const path = await makeFlow(service, {
      first: connectors.PostFederationSignup,
      second: connectors.PostAttributeCollection,
      questions: [{ id: 'displayName' }, { id: 'city' }],
    })
    const visitor = new Visitor(service, path)
    t.equal((await visitor.prove(email)).name, 'sign-up')
    const stopped = await visitor.answer({ displayName: 'Ida', city: 'Faro' })
    t.equal(stopped.name, 'blocked')
    t.match(stopped.html, 'Your request is waiting for approval.')
    t.match(requests.get(email)?.claims, {
      displayName: 'Ida',
      city: 'Faro',
      identities: [{ issuer: 'mail', issuerAssignedId: email }],
    })
    service.advance(31_000)
    const again = await new Visitor(service, path).prove(email)
    t.equal(again.name, 'blocked')
    t.match(again.html, 'Your request is being processed.')
    t.equal((await approve(email)).status, 201)
    service.advance(31_000)
    const passed = await new Visitor(service, path).prove(email)
    t.match(passed.location, `/myapps?tenant=${service.tenantId}`, 'nothing is asked any more')
  },
)

t.test('issuers count in the spellings of both documents', async (t) => {
  const cases: [email: string, issuer: string, kept: string][] = [
    ['a@gmail.com', 'google', 'google.com'],
    ['b@gmail.com', 'google.com', 'google.com'],
    ['c@partner.example', 'facebook', 'facebook.com'],
    ['d@partner.example', 'Facebook.com', 'facebook.com'],
  ]
  for (const [email, issuer, kept] of cases) {
    const claims = {
      ...mailbox(email),
      identities: [{ signInType: 'federated' as const, issuer: kept, issuerAssignedId: email }],
    }
    await ask('PostAttributeCollection', claims)
    const { status, body, text } = await approve(email, issuer)
    t.equal(status, 201, text)
    const { identities } = (await service.api('GET', `/users/${body.id}?$select=identities`)).body
    t.match(identities[0], { signInType: 'federated', issuer: kept, issuerAssignedId: email })
    t.match(
      await service.rows(
        `select u as id from directory_known_by('${service.tenantId}', '${kept}', '${email}', null) u`,
      ),
      [{ id: body.id }],
      'who comes from that home is this guest',
    )
  }
  const mail = { ...mailbox('e@partner.example') }
  await ask('PostAttributeCollection', mail)
  const asEmail = requests.get('e@partner.example')
  asEmail?.claims['identities'].splice(0, 1, {
    signInType: 'emailAddress',
    issuer: 'Mail',
    issuerAssignedId: 'E@partner.example',
  })
  t.equal((await approve('e@partner.example')).status, 201, 'a mailbox by its other type')
})

t.test('visitors without identities are invited, and their answers follow', async (t) => {
  const email = 'hugo@other.example'
  await ask('PostAttributeCollection', { email, displayName: 'Hugo', city: 'Lyon' })
  t.equal(requests.get(email)?.claims['identities'], undefined)
  const invited = await service.api(
    'POST',
    '/invitations',
    { invitedUserEmailAddress: email, inviteRedirectUrl: 'https://app.example/' },
    { token },
  )
  t.equal(invited.status, 201)
  const { id } = invited.body.invitedUser
  t.equal((await service.api('PATCH', `/users/${id}`, { city: 'Lyon' }, { token })).status, 204)
  await accepted(service, {
    id: invited.body.id,
    userId: id,
    address: email,
    link: invited.body.inviteRedeemUrl,
    ticket: '',
  })
  t.match((await service.api('GET', `/users/${id}?$select=city,externalUserState`)).body, {
    city: 'Lyon',
    externalUserState: 'Accepted',
  })
})

t.test('a mailbox is given to guests alone, once, and never one of the organization', async (t) => {
  const identity = (issuerAssignedId: string) => [{ signInType: 'federated', issuer: 'mail', issuerAssignedId }]
  const wish = (more: object) => ({ accountEnabled: true, displayName: 'x', userType: 'Guest', ...more })
  const cases: [title: string, body: object, inner: string][] = [
    ['a member', wish({ userType: 'Member', identities: identity('m@partner.example') }), 'malformedIdentity'],
    ['nobody said', wish({ userType: undefined, identities: identity('m@partner.example') }), 'malformedIdentity'],
    ['no address', wish({ identities: identity('m') }), 'malformedAddress'],
    ['the organization’s own', wish({ identities: identity('m@contoso.example') }), 'verifiedDomain'],
    ['known already', wish({ mail: 'z@partner.example', identities: identity('gil@partner.example') }), 'valueTaken'],
    [
      'a name as guests have it, for a member',
      wish({ userType: 'Member', userPrincipalName: 'm_x.example#EXT#@contoso.example', mailNickname: 'm' }),
      'malformedPrincipalName',
    ],
  ]
  await changesNothing(t, service, async () => {
    for (const [title, body, inner] of cases) {
      const answer = await service.api('POST', '/users', body, { token })
      t.equal(answer.status, 400, title)
      t.equal(answer.body.error.innerError.code, inner, title)
    }
  })
})
