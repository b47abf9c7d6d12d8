import type { Receiver } from '../support/receiver.js'
import type { RequestOptions, TestService } from '../support/service.js'

const HOUR_MS = 3_600_000

/** The least that a subscription needs; `wish` adds and replaces. */
export function subscriptionTo(service: TestService, receiver: Receiver, resource: string, wish = {}) {
  return {
    resource,
    changeType: resource.startsWith('invitations') ? 'created,updated' : 'updated,deleted',
    notificationUrl: `${receiver.origin}/changes`,
    expirationDateTime: new Date(service.services.clock().getTime() + 24 * HOUR_MS).toISOString(),
    ...wish,
  }
}

/** Subscribes; fails the test unless it is a 201. */
export async function subscribe(
  service: TestService,
  receiver: Receiver,
  resource: string,
  wish: Record<string, unknown> = {},
  options: RequestOptions = {},
): Promise<any> {
  const answer = await service.api('POST', '/subscriptions', subscriptionTo(service, receiver, resource, wish), options)
  if (answer.status !== 201) throw new Error(`subscribing answered ${answer.status}: ${answer.text}`)
  return answer.body
}
