import { addClientSecret, createApplication } from '../../src/applications/index.js'
import { applicationPermissions } from '../../src/graph/permissions.js'
import { uuidv7 } from '../../src/kernel/ids.js'
import { deriveKeys } from '../../src/platform/crypto.js'
import { handleHash, newHandle } from '../../src/sign-in/index.js'
import type { Engines } from './engines.js'
import { SECRET } from './service.js'
import { createWorld, openWorld, type World } from './tenant.js'

export const CALLBACK = 'https://app.example/callback'

/** How a provider is asked: by paths below its origin, as one client. */
export type Asked = {
  port: number
  authorizePath: string
  tokenPath: string
  clientId: string
  clientSecret: string
  /** The scope of the client's token in its own name. */
  clientScope: string
  /** A cookie for each browser that somebody is signed in with. */
  cookies: string[]
}

/** An organization with an application that takes codes, and guests who are signed in. */
export async function createRelyingWorld(
  engines: Engines,
  database: string,
  people: number,
): Promise<{ world: World; ask(port: number): Asked }> {
  const world = await createWorld(engines, database)
  const services = await openWorld(world.env)
  const client = await services.database.withTenant(world.tenantId, async (scope) => {
    const wish = { displayName: 'Wiki', permissions: applicationPermissions }
    const application = await createApplication(scope, wish, services)
    const { secretText } = await addClientSecret(scope, application.id, {}, services)
    return { id: application.id, clientId: application.appId, clientSecret: secretText }
  })
  await services.close()
  const handles = Array.from({ length: people }, newHandle)
  const sql = engines.admin(database)
  await sql`update applications set web = ${sql.json({ redirectUris: [CALLBACK] })} where id = ${client.id}`
  const keys = deriveKeys(SECRET)
  for (const [number, handle] of handles.entries()) {
    const hash = handleHash(keys, { isSecure: false }, 'session', handle)
    await insertGuest(sql, world.tenantId, number, hash)
  }
  await sql.end()
  const { clientId, clientSecret } = client
  return {
    world,
    ask: (port) => ({
      port,
      authorizePath: `/${world.tenantId}/oauth2/v2.0/authorize`,
      tokenPath: `/${world.tenantId}/oauth2/v2.0/token`,
      clientId,
      clientSecret,
      clientScope: 'https://graph.microsoft.com/.default',
      cookies: handles.map((handle) => `vs=${handle}`),
    }),
  }
}

/** A guest who has redeemed by passcode, and the session that this left. */
async function insertGuest(sql: ReturnType<Engines['admin']>, tenantId: string, number: number, hash: Buffer) {
  const [id, mail] = [uuidv7(Date.now()), `guest${number}@home.example`]
  await sql`
    insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
      creation_type, external_user_state, created_date_time)
    values (${tenantId}, ${id}, ${`guest${number}_home.example#EXT#@contoso.example`}, ${`Guest ${number}`}, ${mail},
      ${mail}, ${`guest${number}`}, 'Guest', 'Invitation', 'Accepted', now())`
  await sql`
    insert into user_identities (tenant_id, issuer, issuer_assigned_id, user_id, sign_in_type)
    values (${tenantId}, 'mail', ${mail}, ${id}, 'federated')`
  await sql`
    insert into sessions (tenant_id, handle_hash, user_id, address, address_folded, authentication_method, amr,
      created_date_time, expires_date_time)
    values (${tenantId}, ${hash}, ${id}, ${mail}, ${mail}, 'emailOneTimePasscode', array['otp'], now(),
      now() + interval '24 hours')`
}
