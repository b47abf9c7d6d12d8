import { BatchRequestContent, BatchResponseContent } from '@microsoft/microsoft-graph-client'
import { connect, everyPage } from './sdk-connect.js'

/**
 * The directory through Microsoft's own client: batches, pages, changes, memberships. A process of its own, because Node
 * reads NODE_EXTRA_CA_CERTS before anything else. Prints what it saw as one JSON document.
 */
const PEOPLE = 120
const BATCH = 20
const { client, origin } = connect()
const json = { 'content-type': 'application/json' }

type Step = { method: string; path: string; body?: unknown; dependsOn?: string[] }

/** Sends steps as the client's documents show it, and reads every answer from what it made of them. */
async function batch(steps: Step[]): Promise<{ status: number; body: any }[]> {
  const content = new BatchRequestContent(
    steps.map(({ method, path, body, dependsOn }, index) => ({
      id: String(index + 1),
      ...(dependsOn && { dependsOn }),
      // The client puts what follows the host into the batch.
      request: new Request(`${origin}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: json }),
      }),
    })),
  )
  const answer = new BatchResponseContent(await client.api('/$batch').post(await content.getContent()))
  return Promise.all(
    steps.map(async (_step, index) => {
      const response = answer.getResponseById(String(index + 1))
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    }),
  )
}

const { value: domains } = await client.api('/domains').get()
const person = (index: number) => ({
  accountEnabled: true,
  displayName: `Person ${index}${index === 7 ? ' needle' : ''}`,
  mailNickname: `person${index}`,
  userPrincipalName: `person${index}@${domains[0].id}`,
})
const created: { status: number; body: any }[] = []
for (let first = 0; first < PEOPLE; first += BATCH) {
  const steps = Array.from({ length: BATCH }, (_, n) => ({ method: 'POST', path: '/users', body: person(first + n) }))
  created.push(...(await batch(steps)))
}
const ids: string[] = created.map(({ body }) => body.id)
const [ana = '', bo = ''] = ids

const group = await client
  .api('/groups')
  .post({ displayName: 'Everybody', mailEnabled: false, mailNickname: 'everybody', securityEnabled: true })
const reference = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`
for (let first = 0; first < PEOPLE - BATCH; first += BATCH) {
  const bound = ids.slice(first, first + BATCH).map(reference)
  await client.api(`/groups/${group.id}`).patch({ 'members@odata.bind': bound })
}

const sequence = await batch([
  { method: 'PATCH', path: `/users/${ana}`, body: { jobTitle: 'Auditor' } },
  { method: 'GET', path: `/users/${ana}?$select=id,jobTitle`, dependsOn: ['1'] },
])
const broken = await batch([
  { method: 'GET', path: `/users/${crypto.randomUUID()}` },
  { method: 'DELETE', path: `/users/${bo}`, dependsOn: ['1'] },
])

const isMember = async (id: string) => {
  const { value } = await client.api(`/users/${id}/checkMemberGroups`).post({ groupIds: [group.id] })
  return value.length === 1
}
const last = ids.at(-1) ?? ''
const membership = [await isMember(last)]
await client.api(`/groups/${group.id}/members/$ref`).post({ '@odata.id': reference(last) })
membership.push(await isMember(last))
await client.api(`/groups/${group.id}/members/${last}/$ref`).delete()
membership.push(await isMember(last))

const first = await everyPage(client, '/users/delta?$select=id,jobTitle', { prefer: 'odata.maxpagesize=25' })
await client.api(`/users/${bo}`).patch({ jobTitle: 'Editor' })
await client.api(`/users/${last}`).delete()
const next = await everyPage(client, first.deltaLink ?? '')

const eventual = { ConsistencyLevel: 'eventual' }
const report = {
  created,
  members: await everyPage(client, `/groups/${group.id}/members?$top=30&$select=id`),
  users: await everyPage(client, '/users?$top=25&$select=id'),
  large: (await client.api('/users').top(999).select('id,displayName').get()).value.length,
  sequence,
  broken,
  membership,
  first: { ids: first.items.map(({ id }) => id), nextLink: first.nextLink, isComplete: first.isComplete },
  next: { items: next.items, deltaLink: next.deltaLink },
  found: await client.api('/users').headers(eventual).search('"displayName:needle"').select('id,displayName').get(),
  paged: await everyPage(client, '/users?$search="displayName:person"&$count=true&$top=50&$select=id', eventual),
  count: await client.api('/users/$count').headers(eventual).get(),
  bo,
  last,
  ids,
}
process.stdout.write(JSON.stringify(report))
