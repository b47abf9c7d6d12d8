import { parse } from 'pg-connection-string'
import type { Connection } from './database.js'

const FILES = ['sslrootcert', 'sslcert', 'sslkey']
const TAKEN = ['host', 'port', 'user', 'password', 'application_name', 'sslmode', ...FILES]
const MODES = ['disable', 'require', 'verify-ca', 'verify-full']
const FORM = 'give a URL such as postgres://user:password@host:5432/database'

/**
 * Reads a URL as `psql` does (PostgreSQL: 34.1.1.2 Connection URIs), for both of the clients used here, each of which
 * would read it in its own way. `host` may be the directory of a socket; TLS is off unless `sslmode` asks for it.
 *
 * @throws {Error} one sentence on what to change, which repeats nothing of the URL but the names of parameters.
 */
export function readDatabaseUrl(text: string): Connection {
  if (!/^postgres(ql)?:\/\//.test(text)) throw new Error(FORM)
  const parameters = new URLSearchParams(text.replace(/^[^?]*/, ''))
  mustBeSafe(parameters)
  const { host, port, user, password, database, application_name, ssl } = parsed(text)
  if (!host || !user) throw new Error(FORM)
  // Not before: of a password that holds a question mark, the rest would pass for a parameter.
  for (const name of parameters.keys()) {
    if (!TAKEN.includes(name)) throw new Error(`leave out ${name}: of the parameters ${TAKEN.join(', ')} are known`)
  }
  if (host.includes(',')) throw new Error('give one host: who fails over is the proxy or name in front of the servers')
  return {
    host,
    port: port ? Number(port) : 5432,
    user,
    database: database ?? user,
    ...(password && { password }),
    ...(application_name && { applicationName: application_name }),
    ...(typeof ssl === 'object' && { ssl: { ...ssl, cert: ssl.cert ?? undefined } }),
  }
}

function mustBeSafe(parameters: URLSearchParams): void {
  const mode = parameters.get('sslmode')
  if (mode !== null && !MODES.includes(mode)) {
    throw new Error(`give one of ${MODES.join(', ')} for sslmode: any other may end in no protection`)
  }
  if (mode === 'verify-ca' && !parameters.get('sslrootcert')) {
    throw new Error('with sslmode=verify-ca, give the PEM file of the authority as sslrootcert')
  }
  const file = FILES.find((name) => parameters.has(name))
  if (mode === null && file) throw new Error(`with ${file}, give sslmode=verify-full`)
}

function parsed(text: string) {
  try {
    return parse(text, { useLibpqCompat: true })
  } catch (error) {
    const isFile = error instanceof Error && 'syscall' in error
    throw new Error(isFile ? 'sslrootcert, sslcert and sslkey must be files that this user can read' : FORM)
  }
}
