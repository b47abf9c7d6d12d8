import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import type { Instant } from '../../kernel/instant.js'
import { refusals } from './errors.js'

/** A certificate as it is kept: SHA-1 thumbprint in hexadecimal, and while it is good. */
export type OpenedCertificate = { thumbprint: string; notBefore: Instant; notAfter: Instant }

/** Milliseconds in which the file must be opened, the start of a process included. */
const PATIENCE_MS = 5_000
/** Milliseconds of the processor that it may take; a usual file takes two. */
const MOST_CPU_MS = 300
const MOST_BYTES = 32_768

/**
 * Opens the file, which holds its certificate, with nothing but Node's TLS. In a process of its own, because how often
 * the key is stretched stands in the file: one that says two thousand million times would stop the whole service.
 */
const OPENER = `
const { createSecureContext, TLSSocket } = require('node:tls')
const { Socket } = require('node:net')
let text = ''
process.stdin.on('data', (part) => { text += part })
process.stdin.on('end', () => {
  const { pfx, passphrase } = JSON.parse(text)
  const before = process.cpuUsage()
  let answer
  try {
    const secureContext = createSecureContext({ pfx: Buffer.from(pfx, 'base64'), passphrase })
    const certificate = new TLSSocket(new Socket(), { secureContext }).getX509Certificate()
    const { user, system } = process.cpuUsage(before)
    answer = { pem: certificate?.toString(), ms: (user + system) / 1000 }
  } catch (error) {
    answer = { trouble: String(error.message) }
  }
  process.stdout.write(JSON.stringify(answer), () => process.exit(0))
})`

/** Reads an uploaded PKCS #12 file. @throws Refusal that says what is wrong with it. */
export async function openCertificate(pkcs12Value: string, password: string): Promise<OpenedCertificate> {
  const pfx = pkcs12Value.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(pfx) || pfx.length > (MOST_BYTES * 4) / 3) {
    throw refusals.certificateUnreadable('Give the .pfx file in Base64, at most 32 kB.')
  }
  const { pem, ms, trouble } = await inOwnProcess({ pfx, passphrase: password })
  if (trouble !== undefined) throw refusals.certificateUnreadable(reasonOf(trouble))
  if (ms === undefined || ms > MOST_CPU_MS) throw refusals.certificateUnreadable(TOO_LONG)
  if (pem === undefined) throw refusals.certificateUnreadable('The file holds no certificate with its key.')
  const certificate = new X509Certificate(pem)
  return {
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
  }
}

const TOO_LONG = 'It takes too long to open. Export it with fewer iterations, such as 10,000.'

type Opened = { pem?: string; ms?: number; trouble?: string }

function inOwnProcess(file: { pfx: string; passphrase: string }): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const options = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', env: {} } as const
    const child = execFile(process.execPath, ['-e', OPENER], options, (error, stdout) => {
      if (!error) resolve(JSON.parse(stdout) as Opened)
      else if (error.killed) resolve({ trouble: 'too long' })
      else reject(error)
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(JSON.stringify(file))
  })
}

function reasonOf(trouble: string): string {
  if (trouble === 'too long') return TOO_LONG
  if (/mac verify failure/i.test(trouble)) return 'The password does not open it.'
  if (/unsupported/i.test(trouble)) {
    return 'It is encrypted in a way that is no longer safe (RC2 or the like). Export it again with AES-256.'
  }
  return 'It is no PKCS #12 file with a certificate and its key.'
}
