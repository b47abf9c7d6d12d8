import type { ObjectChange } from '../directory/index.js'
import type { NotificationRow, Subscription } from './tables.js'

type Content = Record<string, unknown>

const KINDS = {
  users: { path: 'Users', type: '#Microsoft.Graph.User' },
  groups: { path: 'Groups', type: '#Microsoft.Graph.Group' },
} as const

/** What is told of a user or group: that it changed, its id, and who came into the group or left. */
export function aboutObject(tenantId: string, collection: 'users' | 'groups', change: ObjectChange): Content {
  const { path, type } = KINDS[collection]
  const members = change.members.map(({ id, isGone }) => (isGone ? { id, '@removed': 'deleted' } : { id }))
  return {
    changeType: change.isGone ? 'deleted' : 'updated',
    resource: `${path}/${change.id}`,
    resourceData: {
      '@odata.type': type,
      '@odata.id': `${path}/${change.id}`,
      id: change.id,
      organizationId: tenantId,
      ...(members.length > 0 && { 'members@delta': members }),
    },
  }
}

/** Addition: what happened to an invitation. A reset withdraws it as a revocation does. */
export function aboutInvitation(
  tenantId: string,
  { objectId, event, eventDateTime }: { objectId: string; event: string; eventDateTime: Date },
): Content {
  const resource = `invitations/${objectId}`
  return {
    changeType: event === 'invited' ? 'created' : 'updated',
    resource,
    resourceData: {
      '@odata.type': '#microsoft.graph.invitation',
      '@odata.id': resource,
      id: objectId,
      organizationId: tenantId,
      event: event === 'reset' ? 'revoked' : event,
      eventDateTime: eventDateTime.toISOString(),
    },
  }
}

/** Graph: lifecycleEventType. */
export type LifecycleEvent = 'reauthorizationRequired' | 'subscriptionRemoved' | 'missed'

export function lifecycle(lifecycleEvent: LifecycleEvent): Content {
  return { lifecycleEvent }
}

/** Graph: changeNotificationCollection, the body of one request. What the subscription says now goes with it. */
export function bodyOf(subscription: Subscription, rows: readonly NotificationRow[]): string {
  return JSON.stringify({ value: rows.map((row) => notificationOf(subscription, row)) })
}

/** Graph: changeNotification. */
export function notificationOf(subscription: Subscription, { id, content }: NotificationRow): Content {
  return {
    id,
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: subscription.expirationDateTime.toISOString(),
    clientState: subscription.clientState,
    tenantId: subscription.tenantId,
    ...content,
  }
}
