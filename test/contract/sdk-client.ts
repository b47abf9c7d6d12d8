import { connect, everyPage } from './sdk-connect.js'

/**
 * Microsoft's own client against a running service: `<bootstrap.json>`. A process of its own, because Node reads
 * NODE_EXTRA_CA_CERTS before anything else. Prints what it saw as one JSON document.
 */
const { client } = connect()

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

const report = {
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
