import { createHash, randomUUID } from 'node:crypto'
import { eq, getTableColumns } from 'drizzle-orm'
import t from 'tap'
import { storedId } from '../../src/provider/stored-tokens.js'
import { providerState } from '../../src/provider/tables.js'
import { handleHash, newHandle } from '../../src/sign-in/index.js'
import { openWorld, type World } from './world.js'

const CALLBACK = 'https://rp.example/cb'
const VERIFIER = 'v'.repeat(43)
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

const asked: string[] = []
let world: World
t.before(async () => {
  world = await openWorld({ onStatement: (text) => asked.push(/select (?:to_jsonb\()?(\w+)/.exec(text)?.[1] ?? text) })
})
t.teardown(() => world.close())

const statements = async (work: () => Promise<unknown>) => {
  asked.splice(0)
  await work()
  return asked.splice(0)
}

t.test('a sign-in takes two round trips to ask and two to be answered, a token of the client one', async (t) => {
  const { client, cookie, userId } = await signedIn()
  const [tenantId] = world.tenantIds
  const base = `${world.origin}/${tenantId}/oauth2/v2.0`
  const authorize = () =>
    world.send(
      `${base}/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: client.appId,
        redirect_uri: CALLBACK,
        scope: 'openid profile email offline_access',
        code_challenge: CHALLENGE,
        code_challenge_method: 'S256',
      })}`,
      { headers: { cookie } },
    )
  const exchange = (code: string) =>
    world.send(`${base}/token`, {
      form: {
        grant_type: 'authorization_code',
        code,
        redirect_uri: CALLBACK,
        code_verifier: VERIFIER,
        client_id: client.appId,
        client_secret: client.secretText,
      },
    })
  const codeOf = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) =>
    new URL(String(headers['location'])).searchParams.get('code') ?? ''

  // The first request makes the tenant's key and loads what is kept in memory.
  await exchange(codeOf(await authorize()))
  let code = ''
  t.strictSame(
    await statements(async () => {
      code = codeOf(await authorize())
    }),
    ['provider_authorizing', 'provider_keep'],
  )
  let tokens: Record<string, unknown> = {}
  t.strictSame(
    await statements(async () => {
      tokens = (await exchange(code)).json
    }),
    ['provider_exchanging', 'provider_keep'],
  )
  t.match(tokens, { id_token: /^ey/, access_token: String, refresh_token: String })
  t.strictSame(
    await statements(() =>
      world.send(`${base}/token`, {
        form: {
          grant_type: 'refresh_token',
          refresh_token: String(tokens['refresh_token']),
          client_id: client.appId,
          client_secret: client.secretText,
        },
      }),
    ),
    ['provider_exchanging', 'provider_keep'],
  )
  t.strictSame(
    await statements(() =>
      world.send(`${base}/token`, {
        form: {
          grant_type: 'client_credentials',
          client_id: client.appId,
          client_secret: client.secretText,
          scope: 'https://graph.microsoft.com/.default',
        },
      }),
    ),
    ['applications_client'],
  )

  await t.test('what the functions keep is what Drizzle reads, every column of it', async (t) => {
    const rows = await world.database.orm
      .select()
      .from(providerState)
      .where(eq(providerState.id, storedId('AuthorizationCode', code)))
    const [kept] = rows
    t.match(kept, {
      tenantId,
      model: 'AuthorizationCode',
      payload: { accountId: userId, clientId: client.appId, consumed: Number },
      grantId: String,
      userCode: null,
      uid: null,
    })
    t.ok(kept?.expiresAt && kept.expiresAt > new Date())
    t.strictSame(Object.keys(kept ?? {}).sort(), Object.keys(getTableColumns(providerState)).sort())
  })

  await t.test('of two that show one code at once, one gets tokens', async (t) => {
    const shown = codeOf(await authorize())
    const answers = await Promise.all([exchange(shown), exchange(shown), exchange(shown)])
    t.strictSame(answers.map(({ status }) => status).sort(), [200, 400, 400])
    for (const { status, json } of answers) if (status === 400) t.match(json, { error: 'invalid_grant' })
  })
})

t.test('requests that come together share statements, and each gets its own answer', async (t) => {
  const [one, other] = [await signedIn(), await signedIn()]
  const base = `${world.origin}/${world.tenantIds[0]}/oauth2/v2.0/authorize`
  const authorize = (client: { appId: string }, cookie: string) =>
    world.send(
      `${base}?response_type=code&client_id=${client.appId}&redirect_uri=${encodeURIComponent(CALLBACK)}&scope=openid`,
      { headers: { cookie } },
    )
  const asked = await statements(async () => {
    const turns = Array.from({ length: 24 }, (_, n) => n)
    const answers = await Promise.all(
      turns.map((n) => {
        const { client } = n % 2 ? one : other
        // Every third is nobody here, and is asked to sign in.
        return authorize(client, n % 3 === 0 ? '' : (n % 4 < 2 ? one : other).cookie)
      }),
    )
    answers.forEach((answer, n) => {
      const location = String(answer.headers['location'])
      t.equal(location.startsWith(CALLBACK), n % 3 !== 0, `request ${n} leads to ${location}`)
    })
    const codes = answers.flatMap((answer, n) => {
      const code = new URL(String(answer.headers['location']), world.origin).searchParams.get('code')
      return code === null ? [] : [{ code, n }]
    })
    for (const { code, n } of codes) {
      const [kept] = await world.database.orm
        .select()
        .from(providerState)
        .where(eq(providerState.id, storedId('AuthorizationCode', code)))
      t.match(kept?.payload, {
        accountId: (n % 4 < 2 ? one : other).userId,
        clientId: (n % 2 ? one : other).client.appId,
      })
    }
  })
  t.ok(asked.filter((name) => name === 'provider_authorizing').length < 24, `${asked.length} statements`)
})

t.test('a session that was not used for a while is noted as used, once for all that come together', async (t) => {
  const [{ client, cookie, userId }, other] = [await signedIn(), await signedIn()]
  const [tenantId] = world.tenantIds
  const lastUse = (id: string, set?: { created: Date }) =>
    world.database.sql.begin(async (sql) => {
      await sql`select set_config('vestibule.tenant', ${tenantId}, true)`
      if (set) await sql`update sessions set created_date_time = ${set.created} where user_id = ${id}`
      const [row] = await sql<{ used: Date | null }[]>`
        select last_used_date_time as used from sessions where user_id = ${id}`
      return row?.used ? new Date(row.used).getTime() : null
    })
  const authorize = (held: string) =>
    world.send(
      `${world.origin}/${tenantId}/oauth2/v2.0/authorize?response_type=code&client_id=${client.appId}&redirect_uri=${encodeURIComponent(CALLBACK)}&scope=openid`,
      { headers: { cookie: held } },
    )
  await lastUse(userId, { created: new Date(Date.now() - 10 * 60_000) })
  await Promise.all([authorize(cookie), authorize(cookie), authorize(other.cookie)])
  const noted = await lastUse(userId)
  t.ok(noted !== null && Math.abs(Date.now() - noted) < 60_000, `noted at ${noted}`)
  t.equal(await lastUse(other.userId), null, 'one that is new is not')
  await authorize(cookie)
  t.equal(await lastUse(userId), noted, 'nor is one that was noted lately')
})

/** Somebody who is signed in, and an application that takes codes. */
async function signedIn() {
  const [tenantId] = world.tenantIds
  const client = await world.newClient(tenantId, [])
  const [userId, handle] = [randomUUID(), newHandle()]
  const hash = handleHash(world.keys, { isSecure: false }, 'session', handle)
  const mail = `${userId}@home.example`
  await world.database.sql.begin(async (sql) => {
    await sql`select set_config('vestibule.tenant', ${tenantId}, true)`
    await sql`update applications set web = ${JSON.stringify({ redirectUris: [CALLBACK] })}::text::jsonb where id = ${client.id}`
    await sql`
      insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
        external_user_state, created_date_time)
      values (${tenantId}, ${userId}, ${mail}, 'Ana', ${mail}, ${mail}, ${userId}, 'Guest', 'Accepted', now())`
    await sql`
      insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method, amr,
        created_date_time, expires_date_time)
      values (${tenantId}, ${hash}, ${userId}, ${mail}, ${mail}, 'emailOneTimePasscode', '{otp}', now(),
        now() + interval '1 hour')`
  })
  return { client, cookie: `vs=${handle}`, userId }
}
