import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import { createSecureContext, TLSSocket } from 'node:tls'
import pg from 'pg'
import t, { type Test } from 'tap'
import { connect } from '../../src/platform/database.js'
import { readDatabaseUrl } from '../../src/platform/database-url.js'
import { pgOptions } from '../../src/platform/listener.js'
import { makeAuthority } from '../support/authority.js'
import { freshDatabase } from '../support/engines.js'

const plain = { host: 'db', port: 5432, user: 'ana', database: 'guests' }
for (const [url, read] of [
  ['postgres://ana@db/guests', plain],
  ['postgresql://ana@db:6432/guests', { ...plain, port: 6432 }],
  ['postgres://ana@db', { ...plain, database: 'ana' }],
  ['postgres://ana:p%40ss%2Fw@db/guests', { ...plain, password: 'p@ss/w' }],
  ['postgres://ana@db/guests?sslmode=disable', plain],
  ['postgres://ana@db/guests?sslmode=require', { ...plain, ssl: { rejectUnauthorized: false } }],
  ['postgres://ana@db/guests?sslmode=verify-full', { ...plain, ssl: {} }],
  ['postgres://ana@[::1]:6432/guests', { ...plain, host: '::1', port: 6432 }],
  ['postgres://ana@%2Fvar%2Frun%2Fpostgresql/guests', { ...plain, host: '/var/run/postgresql' }],
  ['postgres://ana@/guests?host=/cloudsql/p:r:i', { ...plain, host: '/cloudsql/p:r:i' }],
  ['postgres:///guests?host=/tmp&user=ana&port=6543', { ...plain, host: '/tmp', port: 6543 }],
  ['postgres://ana@db/guests?application_name=north', { ...plain, applicationName: 'north' }],
] as const) {
  t.test(`${url} is read as psql reads it`, async (t) => {
    const { ssl, ...where } = readDatabaseUrl(url)
    const { ssl: asked, ...place } = { ssl: undefined, ...read }
    t.strictSame(where, place)
    t.strictSame(ssl && JSON.parse(JSON.stringify(ssl)), asked)
  })
}

for (const [url, says] of [
  ['mysql://ana@db/guests', /^give a URL such as/],
  ['postgres://db/guests', /^give a URL such as/],
  ['postgres://ana@/guests', /^give a URL such as/],
  ['postgres://ana@db:port/guests', /^give a URL such as/],
  ['postgres://ana@one,two/guests', /^give one host/],
  ['postgres://ana:4711?hunter2@db/guests', /^give a URL such as/],
  ['postgres://ana:pass?hunter2=1@db/guests', /^give a URL such as/],
  ['postgres://ana:hunter2@db/guests?channel_binding=require', /^leave out channel_binding: of the parameters host, /],
  ['postgres://ana:hunter2@db/guests?sslmode=prefer', /^give one of disable, require, verify-ca, verify-full /],
  ['postgres://ana:hunter2@db/guests?sslmode=verify-ca', /^with sslmode=verify-ca, give the PEM file/],
  ['postgres://ana:hunter2@db/guests?sslrootcert=/ca.pem', /^with sslrootcert, give sslmode=verify-full/],
  ['postgres://ana:hunter2@db/guests?sslmode=verify-full&sslrootcert=/no.pem', /^sslrootcert, .* can read$/],
] as const) {
  t.test(`${url} is refused, saying what to change`, async (t) => {
    t.throws(() => readDatabaseUrl(url), { message: says })
    t.throws(() => readDatabaseUrl(url), { message: /^(?!.*hunter2)/ })
  })
}

const SSL_REQUEST = 80_877_103

/** PostgreSQL behind TLS: its own handshake (PostgreSQL: 53.2.10 SSL Session Encryption), then what came, to its socket. */
async function behindTls(t: Test, { cert, key }: { cert: string; key: string }, onward: () => Socket): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((raw) => {
    sockets.add(raw)
    raw
      .on('error', () => {})
      .once('data', (asked) => {
        if (asked.readInt32BE(4) !== SSL_REQUEST) {
          raw.destroy()
          return
        }
        raw.write('S')
        const inward = new TLSSocket(raw, { isServer: true, secureContext: createSecureContext({ cert, key }) })
        const server = onward()
        inward.on('error', () => server.destroy()).on('close', () => server.destroy())
        server.on('error', () => inward.destroy()).on('close', () => inward.destroy())
        inward.pipe(server).pipe(inward)
      })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

t.test('both clients take the same certificates and refuse the same', async (t) => {
  const { connection } = await freshDatabase(async () => {})
  const authority = makeAuthority(t)
  const [ours, other] = [join(t.testdir(), 'ours.pem'), join(t.testdir({}), 'other.pem')]
  await writeFile(ours, authority.ca)
  await writeFile(other, makeAuthority(t).ca)
  const open = () => dial(`${connection.host}/.s.PGSQL.${connection.port}`)
  const named = await behindTls(t, authority.issue('localhost'), open)
  const misnamed = await behindTls(t, authority.issue('db.example'), open)

  const withPostgresJs = async (url: string) => {
    const sql = connect(readDatabaseUrl(url), 1)
    return sql`select 1 as n`
      .then(
        ([row]) => row?.['n'] === 1,
        (error) => error.code,
      )
      .finally(() => sql.end({ timeout: 0 }))
  }
  const withPg = async (url: string) => {
    const client = new pg.Client(pgOptions(readDatabaseUrl(url)))
    client.on('error', () => {})
    const answer = await client
      .connect()
      .then(() => client.query('select 1 as n'))
      .then(
        ({ rows }) => rows[0].n === 1,
        (error) => error.code,
      )
    await client.end().catch(() => {})
    return answer
  }
  const unknown = 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  for (const [port, parameters, outcome] of [
    [named, 'sslmode=require', true],
    [named, 'sslmode=verify-full', unknown],
    [named, `sslmode=verify-full&sslrootcert=${ours}`, true],
    [named, `sslmode=verify-full&sslrootcert=${other}`, unknown],
    [misnamed, `sslmode=verify-ca&sslrootcert=${ours}`, true],
    [misnamed, `sslmode=verify-full&sslrootcert=${ours}`, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    // With an authority, `require` asks for one of its certificates.
    [misnamed, `sslmode=require&sslrootcert=${ours}`, true],
    [misnamed, `sslmode=require&sslrootcert=${other}`, unknown],
  ] as const) {
    const url = `postgres://${connection.user}@localhost:${port}/${connection.database}?${parameters}`
    const what = `${port === named ? 'localhost' : 'another name'}, ${parameters.replace(/=\/.*\//, ' ')}`
    t.equal(await withPostgresJs(url), outcome, `postgres.js: ${what}`)
    t.equal(await withPg(url), outcome, `pg: ${what}`)
  }
  t.equal(
    await withPostgresJs(
      `postgres://${connection.user}@%2F${connection.host.slice(1).replaceAll('/', '%2F')}/${connection.database}?port=${connection.port}`,
    ),
    true,
  )
})
