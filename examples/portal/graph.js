// The whole of Vestibule that the portal uses: a token by client credentials, and three requests.

/** Seconds before its end that a token is replaced. */
const EARLY_SECONDS = 60

/** @returns what the portal does with invitations, as the application that the settings name. */
export function connect({ url, tenant, clientId, clientSecret }) {
  let token
  let tokenEnds = 0

  async function accessToken() {
    if (token && Date.now() < tokenEnds) return token
    const response = await fetch(`${url}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'https://graph.microsoft.com/.default',
      }),
    })
    const body = await response.json()
    if (!response.ok) throw new Error(`no token: ${body.error_description}`)
    token = body.access_token
    tokenEnds = Date.now() + (body.expires_in - EARLY_SECONDS) * 1_000
    return token
  }

  async function send(method, path, body, headers = {}) {
    const response = await fetch(`${url}/v1.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await accessToken()}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined }
  }

  return {
    /** `known`: the address is an account of the organization itself. `refused`: a policy says no, or it is no address. */
    async invite({ idempotencyKey, ...invitation }) {
      const { status, body } = await send('POST', '/invitations', invitation, { 'idempotency-key': idempotencyKey })
      if (status === 201) return { outcome: 'invited', id: body.id }
      const code = body?.error?.innerError?.code
      if (code === 'alreadyInDirectory') return { outcome: 'known' }
      if (status === 400) return { outcome: 'refused', message: 'That is not an e-mail address we can write to.' }
      if (status === 403) return { outcome: 'refused', message: 'We do not take guests with an address like that.' }
      throw new Error(`inviting answered ${status} ${code}`)
    },
    /** How far an invitation is: undefined when it is gone. */
    async invitation(id) {
      const { status, body } = await send('GET', `/invitations/${encodeURIComponent(id)}`)
      if (status === 200) return body
      if (status === 404) return undefined
      throw new Error(`reading an invitation answered ${status}`)
    },
    async resend(id) {
      const { status, headers } = await send('POST', `/invitations/${encodeURIComponent(id)}/resend`)
      if (status === 200) return { outcome: 'done' }
      const retryAfter = Number(headers.get('retry-after') ?? 60)
      return {
        outcome: 'refused',
        retryAfter,
        message: `The mail cannot be sent again yet. Try in ${retryAfter} seconds.`,
      }
    },
  }
}
