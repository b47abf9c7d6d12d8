import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** Changes to what an honest browser and device would say. */
export type Lie = {
  origin?: string
  rpId?: string
  challenge?: string
  type?: string
  counter?: number
  flags?: number
}

/** A security key in software: ES256, attestation "none" (WebAuthn Level 3, sections 6.1 and 6.5). */
export class Passkey {
  readonly id = randomBytes(32)
  readonly #privateKey: KeyObject
  readonly #cose: Buffer
  #counter = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#privateKey = privateKey
    // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
    this.#cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
  }

  /** What a form sends after `navigator.credentials.create`. */
  create(html: string, origin: string, lie: Lie = {}): string {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.id.length)
    const credential = Buffer.concat([Buffer.alloc(16), length, this.id, this.#cose])
    const data = Buffer.concat([this.#authenticatorData(origin, lie, 0x41), credential])
    const size = Buffer.alloc(2)
    size.writeUInt16BE(data.length)
    // {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestation = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex'),
      size,
      data,
    ])
    return this.#shown({
      clientDataJSON: clientData(html, origin, { type: 'webauthn.create', ...lie }).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
      transports: ['usb'],
    })
  }

  /** What a form sends after `navigator.credentials.get`. */
  get(html: string, origin: string, lie: Lie = {}): string {
    const data = this.#authenticatorData(origin, lie, 0x01)
    const client = clientData(html, origin, { type: 'webauthn.get', ...lie })
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
    return this.#shown({
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
    })
  }

  #authenticatorData(origin: string, { rpId = new URL(origin).hostname, flags, counter }: Lie, usual: number): Buffer {
    this.#counter += 1
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter ?? this.#counter)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), Buffer.from([flags ?? usual]), count])
  }

  #shown(response: Record<string, unknown>): string {
    const id = this.id.toString('base64url')
    return JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response })
  }
}

/** The challenge that a page gives. */
export function challengeIn(html: string): string {
  const options = /data-options="([^"]+)"/.exec(html)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  if (!options) throw new Error('the page asks for no passkey')
  return JSON.parse(options).challenge
}

function clientData(html: string, origin: string, { type, ...lie }: Lie): Buffer {
  const challenge = lie.challenge ?? challengeIn(html)
  return Buffer.from(JSON.stringify({ type, challenge, origin: lie.origin ?? origin, crossOrigin: false }))
}
