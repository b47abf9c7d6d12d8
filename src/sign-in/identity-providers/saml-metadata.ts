import { X509Certificate } from 'node:crypto'
import { DOMParser } from '@xmldom/xmldom'
import { type Egress, EgressFailed, EgressRefused } from '../../platform/egress/egress.js'

const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata'
const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'
const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'

const TIMEOUT_MS = 8_000
/** Bytes: metadata of one partner, not of a whole federation. */
const MOST_BYTES = 524_288

/** What a partner's metadata says of it. */
export type SamlMetadata = {
  issuer: string
  passiveSignInUri: string
  /** Base64 of the DER of each certificate that may sign. */
  certificates: string[]
}

/** The metadata cannot be used; the message says why and is safe to show. */
export class MetadataUnusable extends Error {
  override readonly name = 'MetadataUnusable'
  readonly isUnreachable: boolean

  constructor(message: string, isUnreachable = false, cause?: unknown) {
    super(message, { cause })
    this.isUnreachable = isUnreachable
  }
}

/** Reads a partner's metadata through the egress guard. @throws MetadataUnusable */
export async function fetchSamlMetadata(egress: Egress, url: string): Promise<SamlMetadata> {
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES }
  const headers = { accept: 'application/samlmetadata+xml, application/xml, text/xml' }
  const answer = await egress.get(url, { ...limits, headers }).catch((error: unknown) => {
    if (error instanceof EgressFailed || error instanceof EgressRefused) {
      throw new MetadataUnusable(error.message, error instanceof EgressFailed, error)
    }
    throw error
  })
  if (answer.status !== 200) {
    throw new MetadataUnusable(`The metadata was answered with ${answer.status}.`, answer.status >= 500)
  }
  return readSamlMetadata(answer.body)
}

/** Reads one entity that is an identity provider. @throws MetadataUnusable */
export function readSamlMetadata(text: string): SamlMetadata {
  // Entities of the document's own are the oldest way to make a parser read files and fill memory.
  if (/<!DOCTYPE/i.test(text)) throw new MetadataUnusable('The metadata has a document type, which it must not.')
  const document = parse(text)
  const entities = elements(document, METADATA, 'EntityDescriptor').filter(
    (entity) => elements(entity, METADATA, 'IDPSSODescriptor').length > 0,
  )
  const [entity] = entities
  if (!entity || entities.length > 1) {
    throw new MetadataUnusable('The metadata must describe one identity provider (IDPSSODescriptor).')
  }
  const [descriptor] = elements(entity, METADATA, 'IDPSSODescriptor')
  const services = descriptor ? elements(descriptor, METADATA, 'SingleSignOnService') : []
  const service = services.find((one) => one.getAttribute('Binding') === REDIRECT)
  const passiveSignInUri = service?.getAttribute('Location') ?? ''
  if (passiveSignInUri === '') {
    throw new MetadataUnusable('The metadata names no SingleSignOnService with the HTTP-Redirect binding.')
  }
  const keys = (descriptor ? elements(descriptor, METADATA, 'KeyDescriptor') : []).filter(
    (key) => key.getAttribute('use') !== 'encryption',
  )
  const certificates = keys.flatMap((key) =>
    elements(key, SIGNATURE, 'X509Certificate').map((one) => readCertificate(one.textContent ?? '')),
  )
  if (certificates.length === 0) throw new MetadataUnusable('The metadata has no certificate that signs.')
  return { issuer: entity.getAttribute('entityID') ?? '', passiveSignInUri, certificates: [...new Set(certificates)] }
}

/** Base64 of the DER, from that or PEM. @throws MetadataUnusable */
export function readCertificate(text: string): string {
  const bare = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '')
  try {
    return new X509Certificate(Buffer.from(bare, 'base64')).raw.toString('base64')
  } catch (error) {
    throw new MetadataUnusable('A certificate cannot be read.', false, error)
  }
}

function parse(text: string): Document {
  let problem: string | undefined
  const note = (message: string) => {
    problem ??= message
  }
  const errorHandler = { warning: () => {}, error: note, fatalError: note }
  const document: Document | undefined = new DOMParser({ errorHandler }).parseFromString(text, 'text/xml')
  if (problem !== undefined || !document?.documentElement) throw new MetadataUnusable('The metadata is not XML.')
  return document
}

function elements(parent: Document | Element, namespace: string, name: string): Element[] {
  const found = Array.from(parent.getElementsByTagNameNS(namespace, name))
  const self = 'documentElement' in parent ? [] : [parent]
  return [...self.filter((one) => one.localName === name && one.namespaceURI === namespace), ...found]
}
