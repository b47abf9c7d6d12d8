import { ApiFailure, type Client } from './client.js'

const NOT_FOUND = 404

/**
 * The path of a user named by id, by user principal name, or by the address they have: people know a guest by that, and
 * the name of one is not theirs. @throws ApiFailure when nobody is.
 */
export async function pathOfUser(client: Client, named: string): Promise<string> {
  const path = `/users/${encodeURIComponent(named)}`
  if (!named.includes('@') || named.includes('#')) return path
  try {
    const { id } = await client.get<{ id: string }>(`${path}?$select=id`)
    return `/users/${id}`
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status !== NOT_FOUND) throw error
    const filter = encodeURIComponent(`mail eq '${named.replaceAll("'", "''")}'`)
    const { value } = await client.get<{ value: { id: string }[] }>(`/users?$filter=${filter}&$select=id`)
    const [found] = value
    if (!found) throw error
    return `/users/${found.id}`
  }
}
