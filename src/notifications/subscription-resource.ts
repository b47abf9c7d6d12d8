import { versionOfContent } from '../graph/preferences.js'
import type { Subscription } from './tables.js'

/** Graph: subscription. */
export function subscriptionResource(row: Subscription) {
  return {
    id: row.id,
    resource: row.resource,
    applicationId: row.applicationId,
    changeType: row.changeType,
    clientState: row.clientState,
    notificationUrl: row.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: row.lifecycleNotificationUrl,
    expirationDateTime: row.expirationDateTime.toISOString(),
    creatorId: row.creatorId,
    includeResourceData: null,
    latestSupportedTlsVersion: row.latestSupportedTlsVersion,
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  }
}

/** What `ETag` and `If-Match` are about: what is shown, and not what the workers keep beside it. */
export function versionOf(row: Subscription): string {
  return versionOfContent(subscriptionResource(row))
}
