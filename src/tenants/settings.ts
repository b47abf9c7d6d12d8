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
  /** Text messages with codes in 24 hours: whoever has numbers texted at the organization's cost ends there. */
  textMessagesPerDay: number
  /** Days after which a guest who never accepted is deleted; null: never. */
  removeNeverRedeemedAfterDays: number | null
  /** Days that audit events are kept; null: for ever. Entra's 30 assume that they are sent elsewhere, too. */
  auditRetentionDays: number | null
  /** Days that the sign-in log is kept, as Entra's; null: for ever. */
  signInRetentionDays: number | null
  /** How far one extension by a sponsor goes from now, in days; null: sponsors cannot extend. */
  accessExtensionDays: number | null
  /** Days after the end of a guest's access that the guest is deleted; null: never. */
  removeEndedAfterDays: number | null
  /** Sign-ups that one network may begin in an hour. */
  signUpsPerNetworkAndHour: number
  /** Sign-ups that one user flow may begin in an hour; null: no limit. */
  signUpsPerFlowAndHour: number | null
  /** Whether browsers have to work a moment before they begin to sign up. */
  signUpChallenge: boolean
  /** Days that a sign-up waits for an approver, unless its flow says otherwise. */
  signUpRequestLifetimeDays: number
}

export const DEFAULT_SETTINGS: TenantSettings = {
  invitationLifetimeDays: 30,
  mailsPerRecipientAndDay: 10,
  mailsPerInviterAndDay: 200,
  mailsPerApplicationAndDay: null,
  textMessagesPerDay: 500,
  removeNeverRedeemedAfterDays: null,
  auditRetentionDays: 90,
  signInRetentionDays: 30,
  accessExtensionDays: 90,
  removeEndedAfterDays: null,
  signUpsPerNetworkAndHour: 60,
  signUpsPerFlowAndHour: 1_000,
  signUpChallenge: false,
  signUpRequestLifetimeDays: 30,
}

/** Graph: organization, the properties that an administrator may set and only people read. */
export type OrganizationProfile = {
  marketingNotificationEmails: string[]
  securityComplianceNotificationMails: string[]
  securityComplianceNotificationPhones: string[]
  technicalNotificationMails: string[]
}
