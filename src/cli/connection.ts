import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { isLoopbackHost, readOrigin } from '../platform/config-values.js'
import { wrongUsage } from './failure.js'
import type { Io, Options } from './verb.js'

/** Where the API is and as which client it is used. */
export type Connection = { url: string; tenant: string; clientId: string; clientSecret: string }

/** Options that every remote verb has. */
export const remoteOptions = {
  profile: { type: 'string', value: 'NAME', help: 'Use this profile instead of the environment.' },
  json: { type: 'boolean', help: 'Print JSON, errors included.' },
} as const satisfies Options

/** How a remote verb finds the service; part of each one's help. */
export const connectionNotes = `The service is found by the first of these that is there:
  --profile NAME   an entry of ~/.config/vestibule/profiles.json, a file that only you may read (mode 0600):
                   { "NAME": { "url": "https://...", "tenant": "...", "clientId": "...", "clientSecret": "..." } }
  environment      VESTIBULE_URL, VESTIBULE_TENANT, VESTIBULE_CLIENT_ID and VESTIBULE_CLIENT_SECRET, all four
  local instance   bootstrap.json in VESTIBULE_DATA_DIR (.vestibule unless set), which a local start writes`

const VARIABLES = {
  url: 'VESTIBULE_URL',
  tenant: 'VESTIBULE_TENANT',
  clientId: 'VESTIBULE_CLIENT_ID',
  clientSecret: 'VESTIBULE_CLIENT_SECRET',
} as const

/**
 * Finds the service for a remote verb. Sources are never mixed: the secret of one would go to the address of another.
 * @throws CommandFailure (wrong usage) that says what is missing.
 */
export async function findConnection(profile: string | undefined, io: Io): Promise<Connection> {
  const connection = await readConnection(profile, io.env)
  const url = readOrigin(connection.url)
  if (url === undefined) throw wrongUsage(`'${connection.url}' is not an http or https origin such as https://host.`)
  if (url.startsWith('http:') && !isLoopbackHost(new URL(url).hostname)) {
    io.err(`Warning: ${url} is not https, so the client secret can be read on its way.\n`)
  }
  return { ...connection, url }
}

async function readConnection(profile: string | undefined, env: NodeJS.ProcessEnv): Promise<Connection> {
  if (profile !== undefined) return readProfile(profile, env)
  const names = Object.values(VARIABLES)
  const missing = names.filter((name) => !env[name])
  if (missing.length === 0) {
    return {
      url: env[VARIABLES.url] ?? '',
      tenant: env[VARIABLES.tenant] ?? '',
      clientId: env[VARIABLES.clientId] ?? '',
      clientSecret: env[VARIABLES.clientSecret] ?? '',
    }
  }
  if (missing.length < names.length) throw wrongUsage(`${missing.join(', ')} must be set too.`)
  return readBootstrap(env)
}

async function readProfile(name: string, env: NodeJS.ProcessEnv): Promise<Connection> {
  const file = join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'vestibule', 'profiles.json')
  const facts = await stat(file).catch(() => undefined)
  if (!facts) throw wrongUsage(`There are no profiles: ${file} does not exist.`)
  if (process.platform !== 'win32' && (facts.mode & 0o077) !== 0) {
    throw wrongUsage(`Others may read the secrets in ${file}. Run: chmod 600 ${file}`)
  }
  const profiles = await readJson(file)
  const entry = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (entry === undefined) {
    throw wrongUsage(`${file} has no profile '${name}'. It has: ${Object.keys(profiles).join(', ') || 'none'}.`)
  }
  const { url, tenant, clientId, clientSecret } = isRecord(entry) ? entry : {}
  return complete({ url, tenant, clientId, clientSecret }, `profile '${name}' in ${file}`)
}

async function readBootstrap(env: NodeJS.ProcessEnv): Promise<Connection> {
  const file = join(env['VESTIBULE_DATA_DIR']?.trim() || '.vestibule', 'bootstrap.json')
  const exists = await stat(file).catch(() => undefined)
  if (!exists) {
    const ways = `set ${Object.values(VARIABLES).join(', ')}, give --profile, or run this beside a local instance`
    throw wrongUsage(`No service is known: ${ways} (${file} does not exist).`)
  }
  const { baseUrl: url, tenantId: tenant, clientId, clientSecret } = await readJson(file)
  return complete({ url, tenant, clientId, clientSecret }, file)
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (isRecord(value)) return value
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
  }
  throw wrongUsage(`${file} is not a JSON object.`)
}

function complete(given: Record<keyof Connection, unknown>, where: string): Connection {
  const textOf = (name: keyof Connection): string => {
    const value = given[name]
    if (typeof value === 'string' && value !== '') return value
    throw wrongUsage(`${name} is missing in ${where}.`)
  }
  return {
    url: textOf('url'),
    tenant: textOf('tenant'),
    clientId: textOf('clientId'),
    clientSecret: textOf('clientSecret'),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
