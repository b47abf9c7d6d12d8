import { readFileSync } from 'node:fs'
import { ClientSecretCredential } from '@azure/identity'
import { Client, PageIterator, type PageIteratorCallback } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'

/** Microsoft's own client for the service whose `bootstrap.json` is named on the command line, over https. */
export function connect(): { client: Client; origin: string; facts: Record<string, string> } {
  const [file = ''] = process.argv.slice(2)
  const facts = JSON.parse(readFileSync(file, 'utf8'))
  const { hostname, origin } = new URL(facts.tlsBaseUrl)
  const credential = new ClientSecretCredential(facts.tenantId, facts.clientId, facts.clientSecret, {
    authorityHost: facts.tlsBaseUrl,
    disableInstanceDiscovery: true,
  })
  const authProvider = new TokenCredentialAuthenticationProvider(credential, {
    scopes: ['https://graph.microsoft.com/.default'],
  })
  const baseUrl = `${facts.tlsBaseUrl}/`
  const client = Client.initWithMiddleware({ authProvider, baseUrl, customHosts: new Set([hostname]) })
  return { client, origin, facts }
}

/** Every item of a list by the client's own iterator, how many pages that took, and where the links lead. */
export async function everyPage(client: Client, path: string, headers: Record<string, string> = {}) {
  const items: Record<string, unknown>[] = []
  const page = await client.api(path).headers(headers).get()
  const nextLink: string | undefined = page['@odata.nextLink']
  const take: PageIteratorCallback = (item) => items.push(item) > 0
  const iterator = new PageIterator(client, page, take, { headers })
  await iterator.iterate()
  return { items, nextLink, deltaLink: iterator.getDeltaLink(), isComplete: iterator.isComplete() }
}
