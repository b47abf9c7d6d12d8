import { readFileSync } from 'node:fs'
import { ClientSecretCredential } from '@azure/identity'
import { Client, PageIterator } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'

/**
 * Microsoft's own client against a running service: `<bootstrap.json>`. A process of its own, because Node reads
 * NODE_EXTRA_CA_CERTS before anything else. Prints what it saw as one JSON document.
 */
const [file = ''] = process.argv.slice(2)
const facts = JSON.parse(readFileSync(file, 'utf8'))
const host = new URL(facts.tlsBaseUrl).hostname

const credential = new ClientSecretCredential(facts.tenantId, facts.clientId, facts.clientSecret, {
  authorityHost: facts.tlsBaseUrl,
  disableInstanceDiscovery: true,
})
const authProvider = new TokenCredentialAuthenticationProvider(credential, {
  scopes: ['https://graph.microsoft.com/.default'],
})
const client = Client.initWithMiddleware({
  authProvider,
  baseUrl: `${facts.tlsBaseUrl}/`,
  customHosts: new Set([host]),
})

const wish = (index: number) => ({
  invitedUserEmailAddress: `guest${index}@partner.example`,
  inviteRedirectUrl: 'https://app.example/welcome',
  sendInvitationMessage: index === 0,
})
const created: Record<string, unknown>[] = []
for (let index = 0; index < 7; index++) created.push(await client.api('/invitations').post(wish(index)))

const [first] = created
const guest = first?.['invitedUser'] as { id: string }
await client.api(`/users/${guest.id}`).patch({ jobTitle: 'Auditor' })
const user = await client.api(`/users/${guest.id}`).select(['id', 'jobTitle', 'externalUserState']).get()
const found = await client.api('/users').filter("mail eq 'guest3@partner.example'").select('id,mail').get()

const report = {
  created,
  user,
  found,
  users: await everyPage('/users?$top=3&$select=id'),
  invitations: await everyPage('/invitations?$top=2'),
  error: await complaint(() =>
    client.api('/invitations').post({ ...wish(8), inviteRedirectUrl: 'javascript:alert(1)' }),
  ),
  notFound: await complaint(() => client.api(`/users/${crypto.randomUUID()}`).get()),
}
process.stdout.write(JSON.stringify(report))

/** Every item of a list by the client's own iterator, and where its second page is. */
async function everyPage(path: string): Promise<{ ids: string[]; nextLink: string }> {
  const ids: string[] = []
  const page = await client.api(path).get()
  const nextLink = page['@odata.nextLink']
  await new PageIterator(client, page, ({ id }) => ids.push(id) > 0).iterate()
  return { ids, nextLink }
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
