import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addClientSecret, createApplication, findClient, grantPermissions, isSecretOf } from './applications/index.js'
import { assignDirectoryRole, insertUser } from './directory/index.js'
import { applicationPermissions } from './graph/permissions.js'
import { parseDomainName, parseEmailAddress } from './kernel/email-address.js'
import { ROLES } from './policies/index.js'
import type { Services } from './services.js'
import { insertTenant } from './tenants/index.js'

/** What a local start tells whoever wants to use it; written to `bootstrap.json` in the data directory. */
export type Bootstrap = {
  baseUrl: string
  tlsBaseUrl: string | null
  caFile: string | null
  tenantId: string
  tenantDomain: string
  clientId: string
  clientSecret: string
  adminUserPrincipalName: string
  adminMail: string
  portalUrl: string
  mailboxUrl: string
}

type Where = { caFile: string | undefined }

/**
 * Makes sure that a local instance has a tenant, an administrator and a client with every permission, and writes how to
 * reach them. What an earlier start made is kept, secret included.
 */
export async function bootstrap(services: Services, where: Where): Promise<{ facts: Bootstrap; file: string }> {
  const { config, origins, tenants } = services
  const domain = config.tenantDomain
  const existing = await tenants.find(domain)
  const adminMail = `admin@${domain}`
  const tenantId = existing?.id ?? (await createTenant(services, { domain, adminMail })).tenantId
  const file = join(config.dataDir, 'bootstrap.json')
  const client = (await usableClient(services, tenantId, file)) ?? (await createClient(services, tenantId))
  const base = origins.publicUrl()
  const facts: Bootstrap = {
    baseUrl: base,
    tlsBaseUrl: origins.tlsUrl() ?? null,
    caFile: where.caFile ?? null,
    tenantId,
    tenantDomain: domain,
    ...client,
    adminUserPrincipalName: adminMail,
    adminMail,
    portalUrl: `${base}/admin`,
    mailboxUrl: `${base}/dev/mailbox`,
  }
  await writePrivate(file, `${JSON.stringify(facts, null, 2)}\n`)
  return { facts, file }
}

/**
 * Creates an organization with its first verified domain and a Global Administrator who signs in with a code to
 * `adminMail`.
 * @throws when the domain belongs to another tenant.
 */
export async function createTenant(
  { database, clock, newId }: Pick<Services, 'database' | 'clock' | 'newId'>,
  wish: { domain: string; adminMail: string; displayName?: string | undefined },
): Promise<{ tenantId: string; adminId: string }> {
  const now = clock()
  const tenantId = newId()
  const adminId = newId()
  const mail = parseEmailAddress(wish.adminMail)
  if (!mail) throw new Error(`'${wish.adminMail}' is not an e-mail address.`)
  // In the form in which addresses are compared with it.
  const domain = parseDomainName(wish.domain)
  if (domain === undefined) throw new Error(`'${wish.domain}' is not a domain name.`)
  await database.withTenant(tenantId, async (scope) => {
    await insertTenant(scope.orm, {
      id: tenantId,
      displayName: wish.displayName ?? nameOf(wish.domain),
      domain,
      createdAt: now,
    })
    await insertUser(scope, {
      tenantId,
      id: adminId,
      userPrincipalName: `admin@${domain}`,
      displayName: 'Administrator',
      mail: mail.text,
      mailFolded: mail.folded,
      mailNickname: 'admin',
      userType: 'Member',
      createdDateTime: now,
    })
    await assignDirectoryRole(scope, adminId, ROLES.globalAdministrator, now)
  })
  return { tenantId, adminId }
}

/** `contoso.example` is Contoso until somebody says otherwise. */
function nameOf(domain: string): string {
  const label = domain.split('.')[0] ?? domain
  return label.charAt(0).toUpperCase() + label.slice(1)
}

async function createClient(services: Services, tenantId: string): Promise<{ clientId: string; clientSecret: string }> {
  return services.database.withTenant(tenantId, async (scope) => {
    const application = await createApplication(
      scope,
      { displayName: 'Local development', permissions: applicationPermissions },
      services,
    )
    const secret = await addClientSecret(scope, application.id, { displayName: 'bootstrap.json' }, services)
    return { clientId: application.appId, clientSecret: secret.secretText }
  })
}

/** The client of an earlier start, if its secret is still good; it gets the permissions that came since. */
async function usableClient(services: Services, tenantId: string, file: string) {
  const written = await readFile(file, 'utf8').then(readFacts, () => undefined)
  if (!written || written.tenantId !== tenantId) return undefined
  const { clientId, clientSecret } = written
  const client = await findClient(services.database.sql, tenantId, clientId)
  if (!client || !isSecretOf(services, tenantId, clientId, client, clientSecret)) return undefined
  if (applicationPermissions.some((name) => !client.permissions.includes(name))) {
    await services.database.withTenant(tenantId, (scope) =>
      grantPermissions(scope, client.applicationId, applicationPermissions, services),
    )
  }
  return { clientId, clientSecret }
}

function readFacts(text: string): { tenantId: string; clientId: string; clientSecret: string } | undefined {
  try {
    const { tenantId, clientId, clientSecret } = JSON.parse(text)
    return [tenantId, clientId, clientSecret].every((value) => typeof value === 'string')
      ? { tenantId, clientId, clientSecret }
      : undefined
  } catch {
    return undefined
  }
}

/** The secret of a local instance, made at its first start. */
export async function localSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'secret')
  const known = await readFile(file, 'utf8').catch(() => undefined)
  if (known && known.trim().length >= 32) return known.trim()
  const secret = randomBytes(32).toString('base64url')
  await writePrivate(file, `${secret}\n`)
  return secret
}

/** Whole or not at all, and for its owner only. */
async function writePrivate(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, text, { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, file)
}
