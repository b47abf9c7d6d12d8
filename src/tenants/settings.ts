/** What an administrator may set for the whole organization; each has a safe default. */
export type TenantSettings = {
  /** Days an invitation can be accepted; null for ever. */
  invitationLifetimeDays: number | null
  /** Invitation mails one address gets in 24 hours. */
  mailsPerRecipientAndDay: number
  /** Invitation mails one person may cause in 24 hours. */
  mailsPerInviterAndDay: number
  /** The same for an application; null: no limit. */
  mailsPerApplicationAndDay: number | null
  /** Days after which a guest who never accepted is deleted; null: never. */
  removeNeverRedeemedAfterDays: number | null
}

export const DEFAULT_SETTINGS: TenantSettings = {
  invitationLifetimeDays: 30,
  mailsPerRecipientAndDay: 10,
  mailsPerInviterAndDay: 200,
  mailsPerApplicationAndDay: null,
  removeNeverRedeemedAfterDays: null,
}

/** Graph: organization, the properties that an administrator may set and only people read. */
export type OrganizationProfile = {
  marketingNotificationEmails: string[]
  securityComplianceNotificationMails: string[]
  securityComplianceNotificationPhones: string[]
  technicalNotificationMails: string[]
}
