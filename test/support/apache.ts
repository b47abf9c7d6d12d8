import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { until } from './until.js'

const MODULES = '/usr/lib/apache2/modules'

export type Apache = {
  url: string
  /** The page that takes a guest who is signed in. */
  protectedUrl: string
  /** What it wrote to its error log. */
  log(): Promise<string>
}

/** A port that is free now, for programs that must be told one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port is free')
  return address.port
}

/** Apache with Debian's mod_auth_openidc before one page, as its manual says to set it up. Stopped when `t` ends. */
export async function startApache(
  t: Test,
  port: number,
  relyingParty: { metadata: string; clientId: string; clientSecret: string },
): Promise<Apache> {
  const root = await mkdtemp(join(tmpdir(), 'vestibule-apache-'))
  const pages = join(root, 'pages')
  await mkdir(join(pages, 'protected'), { recursive: true })
  const page =
    '<!doctype html><html lang="en"><title>Protected</title><link rel="icon" href="data:,"><h1>Protected</h1>'
  await writeFile(join(pages, 'protected', 'index.html'), page)
  const url = `http://localhost:${port}`
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'mime', 'auth_openidc', 'headers']
  const isRoot = process.getuid?.() === 0
  const config = [
    `ServerRoot ${root}`,
    'ServerName localhost',
    `PidFile ${root}/pid`,
    `Listen 127.0.0.1:${port}`,
    ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    ...(isRoot ? ['User www-data', 'Group www-data'] : []),
    'Mutex sem',
    'TypesConfig /etc/mime.types',
    'StartServers 1',
    `ErrorLog ${root}/error.log`,
    `DocumentRoot ${pages}`,
    'DirectoryIndex index.html',
    `OIDCProviderMetadataURL ${relyingParty.metadata}`,
    `OIDCClientID ${relyingParty.clientId}`,
    `OIDCClientSecret ${relyingParty.clientSecret}`,
    `OIDCRedirectURI ${url}/protected/redirect_uri`,
    'OIDCCryptoPassphrase a-passphrase-of-the-tests',
    'OIDCScope "openid email profile"',
    'OIDCPKCEMethod S256',
    'OIDCRemoteUserClaim email',
    '<Location /protected>',
    '  AuthType openid-connect',
    '  Require valid-user',
    '  Header always set X-User "expr=%{REMOTE_USER}"',
    '</Location>',
    '',
  ].join('\n')
  await writeFile(join(root, 'httpd.conf'), config)
  if (isRoot) await chmod(root, 0o755)
  const child = spawn('/usr/sbin/apache2', ['-DFOREGROUND', '-f', join(root, 'httpd.conf')], { stdio: 'ignore' })
  t.teardown(async () => {
    await stopped(child)
    await rm(root, { recursive: true, force: true })
  })
  const log = () => readFile(join(root, 'error.log'), 'utf8').catch(() => '')
  await answering(url, child, log)
  return { url, protectedUrl: `${url}/protected/`, log }
}

async function answering(url: string, child: ChildProcess, log: () => Promise<string>): Promise<void> {
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`Apache did not start: ${await log()}`)
    return fetch(`${url}/nothing`).then(
      () => true,
      () => false,
    )
  }, 'Apache answers')
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
