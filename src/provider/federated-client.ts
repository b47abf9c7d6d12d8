import { decodeJwt } from 'jose'
import { type FederatedProof, findClient } from '../applications/index.js'
import { isGuid } from '../kernel/ids.js'
import { randomToken } from '../platform/crypto.js'
import type { Database } from '../platform/database.js'

/**
 * What stands in for a client that proved itself by somebody else's token: the library knows no such method, and is
 * told the client's secret was right. Made anew by each process, shown to nobody.
 */
const PROVED = randomToken(32).toString('base64url')
const NOT_PROVED = randomToken(32).toString('base64url')

/** Whether what the library takes for the client's secret is our own word that it was proved. */
export function isProved(secretText: string): boolean {
  return secretText === PROVED
}

type Needs = { database: Database; isFederatedProof: FederatedProof }

/**
 * The form of a token request, with an assertion of another issuer (Graph: federatedIdentityCredential) replaced by
 * whether it proved the client. Undefined when the form holds no such assertion, and stays as it is.
 */
export async function withFederatedProof(
  { database, isFederatedProof }: Needs,
  tenantId: string,
  form: URLSearchParams,
): Promise<URLSearchParams | undefined> {
  const [assertion, ...others] = form.getAll('client_assertion')
  const clientId = form.get('client_id')
  if (assertion === undefined || others.length > 0 || clientId === null) return undefined
  // A client's own assertion is issued by itself (RFC 7523 section 3).
  if (issuerOf(assertion) === clientId) return undefined
  const changed = new URLSearchParams(form)
  changed.delete('client_assertion')
  changed.delete('client_assertion_type')
  const client = isGuid(clientId) ? await findClient(database.sql, tenantId, clientId) : undefined
  const isProof = client?.accountEnabled === true && (await isFederatedProof(tenantId, client, assertion))
  changed.set('client_secret', isProof ? PROVED : NOT_PROVED)
  return changed
}

function issuerOf(assertion: string): string | undefined {
  try {
    return decodeJwt(assertion).iss
  } catch {
    return undefined
  }
}
