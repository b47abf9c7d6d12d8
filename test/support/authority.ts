import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

export type Authority = {
  /** Certificate of the authority, PEM. */
  ca: string
  /** A certificate with its key, as PEM and as PKCS #12 in Base64. `more` are arguments of `openssl x509`. */
  issue(name: string, more?: { days?: number; password?: string; export?: readonly string[] }): Issued
}
export type Issued = { cert: string; key: string; pkcs12: string; password: string; thumbprint: string }

/** An authority made by OpenSSL, which is what administrators make theirs with. Its files are gone when `t` ends. */
export function makeAuthority(t: Test): Authority {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-authority-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] })
  const read = (name: string) => readFileSync(join(dir, name), 'utf8')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '30',
    '-subj',
    '/CN=Test authority',
  )
  return {
    ca: read('ca.pem'),
    issue(name, { days = 10, password = 'open sesame', export: form = [] } = {}) {
      writeFileSync(join(dir, 'names'), `subjectAltName=DNS:${name}\n`)
      openssl('req', '-new', ...newKey, '-keyout', 'one.key', '-out', 'one.csr', '-subj', `/CN=${name}`)
      const signed = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        String(days),
        '-extfile',
        'names',
      ]
      openssl('x509', '-req', '-in', 'one.csr', ...signed, '-out', 'one.pem')
      openssl(
        'pkcs12',
        '-export',
        '-in',
        'one.pem',
        '-inkey',
        'one.key',
        '-passout',
        `pass:${password}`,
        ...form,
        '-out',
        'one.pfx',
      )
      const print = openssl('x509', '-in', 'one.pem', '-noout', '-fingerprint', '-sha1').toString()
      return {
        cert: read('one.pem'),
        key: read('one.key'),
        pkcs12: readFileSync(join(dir, 'one.pfx')).toString('base64'),
        password,
        thumbprint: print.trim().replace(/^.*=/, '').replaceAll(':', ''),
      }
    },
  }
}
