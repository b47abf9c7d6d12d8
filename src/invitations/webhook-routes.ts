import type { FastifyInstance } from 'fastify'
import type { Database } from '../platform/database.js'
import { readSendgridEvents, verifySendgridSignature } from '../platform/mail/sendgrid-events.js'
import { recordDeliveryEvents } from './record-delivery.js'

type Needs = { database: Database; clock: () => Date; newId: () => string; changed: (tenantId: string) => void }

/** SendGrid posts up to a thousand events at once. */
const BODY_LIMIT_BYTES = 2_097_152
/** Seconds a signature stays good: a recorded request is worth nothing later. */
const TOLERANCE_SECONDS = 600

/**
 * `/webhooks/sendgrid`: delivery events, signed by SendGrid (ECDSA over timestamp and body). Without the public key the
 * route does not exist.
 */
export default async function routes(
  app: FastifyInstance,
  { needs, publicKey }: { needs: Needs; publicKey: string | undefined },
): Promise<void> {
  if (publicKey === undefined) return
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post(
    '/webhooks/sendgrid',
    { config: { permission: 'public' }, bodyLimit: BODY_LIMIT_BYTES, schema: { hide: true } },
    async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const isSigned = verifySendgridSignature({
        publicKey,
        signature: header(request.headers['x-twilio-email-event-webhook-signature']),
        timestamp: header(request.headers['x-twilio-email-event-webhook-timestamp']),
        body,
        now: needs.clock(),
        toleranceSeconds: TOLERANCE_SECONDS,
      })
      if (!isSigned) return reply.code(403).type('text/plain').send('Signature missing, wrong or too old\n')
      const events = readSendgridEvents(body)
      await recordDeliveryEvents(needs, events)
      for (const { tenantId } of events) needs.changed(tenantId)
      return reply.code(204).send()
    },
  )
}

function header(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : ''
}
