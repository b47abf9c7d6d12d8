import type { Test } from 'tap'
import { passcodeOf } from '../../src/sign-in/index.js'
import { type Receiver, startReceiver } from './receiver.js'
import type { TestService } from './service.js'

/** What the endpoint of the tests signs with. */
export const TEXT_SECRET = Buffer.alloc(32, 7)

/** An endpoint that sends text messages, and the settings that make a service use it. */
export async function startTexts(t: Test): Promise<Receiver & { env: Record<string, string> }> {
  const receiver = await startReceiver(t)
  return Object.assign(receiver, {
    env: {
      VESTIBULE_SMS_SENDER: 'webhook',
      VESTIBULE_SMS_WEBHOOK_URL: `${receiver.origin}/texts`,
      VESTIBULE_SMS_WEBHOOK_SECRET: `whsec_${TEXT_SECRET.toString('base64')}`,
    },
  })
}

/** The same where nothing is to be sent: tests read the codes out of the database. */
export const NO_TEXTS = {
  VESTIBULE_SMS_SENDER: 'webhook',
  VESTIBULE_SMS_WEBHOOK_URL: 'http://127.0.0.1:9/texts',
  VESTIBULE_SMS_WEBHOOK_SECRET: `whsec_${TEXT_SECRET.toString('base64')}`,
}

/** The newest code of a second step for an address or number, as only its owner should have it. */
export async function stepCode(service: TestService, folded: string): Promise<string> {
  const [row] = await service.rows(
    `select id, digits from passcodes where address_folded = '${folded}' and user_id is not null order by id desc limit 1`,
  )
  if (!row) throw new Error(`no code was made for ${folded}`)
  return passcodeOf(service.services.keys, service.tenantId, row['id'], row['digits'])
}

/** A code that is not `code`. */
export function otherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}
