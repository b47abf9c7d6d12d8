import type { InvitedUserProperties } from '../directory/index.js'
import { type EmailAddress, parseEmailAddress } from '../kernel/email-address.js'
import { isGuid } from '../kernel/ids.js'
import { DAY_MS, type Instant, later } from '../kernel/instant.js'
import { DEFAULT_ACCESS } from '../kernel/well-known.js'
import { refusals } from './errors.js'
import type { InvitationRequest } from './schema.js'

/** A request that was understood: every rule on its form holds. */
export type Wish = {
  address: EmailAddress
  displayName: string | undefined
  redirectUrl: string
  userType: 'Guest' | 'Member'
  send: boolean
  language: string | undefined
  message: string | undefined
  cc: { name: string | undefined; address: string } | undefined
  contactUrl: string | undefined
  userId: string | undefined
  isReset: boolean
  sponsorIds: string[] | undefined
  expiresAt: Instant | null
  /** What else is to be said of the guest; undefined for nothing, which is the rule. */
  additions: Additions | undefined
}

export type Additions = {
  properties: InvitedUserProperties | undefined
  groupIds: string[] | undefined
  /** Roles of applications, `appRoleId` DEFAULT_ACCESS where none was named. */
  assignments?: { resourceId: string; appRoleId: string }[]
  /** When the access of the guest ends; null: not by itself. */
  accessEndsAt: Instant | null | undefined
}

/**
 * Reads what a caller asks for (Graph: invitation-post). Pure: knows neither caller nor directory.
 * @throws Refusal naming the property that must change.
 */
export function readWish(request: InvitationRequest, lifetimeDays: number | null, now: Instant): Wish {
  const info = request.invitedUserMessageInfo
  const userId = request.invitedUser?.id.toLowerCase()
  const isReset = request.resetRedemption ?? false
  if (isReset && userId === undefined) throw refusals.resetNeedsUser()
  // An id that is none belongs to nobody.
  if (userId !== undefined && !isGuid(userId)) throw refusals.userNotFound(userId)
  return {
    address: address('invitedUserEmailAddress', request.invitedUserEmailAddress),
    displayName: request.invitedUserDisplayName,
    redirectUrl: webUrl('inviteRedirectUrl', request.inviteRedirectUrl, ['http:', 'https:']),
    userType: request.invitedUserType ?? 'Guest',
    send: request.sendInvitationMessage ?? false,
    language: info?.messageLanguage,
    message: info?.customizedMessageBody === '' ? undefined : info?.customizedMessageBody,
    cc: copy(info),
    contactUrl:
      request.contactUrl === undefined
        ? undefined
        : webUrl('contactUrl', request.contactUrl, ['http:', 'https:', 'mailto:']),
    userId,
    isReset,
    sponsorIds: sponsors(request),
    expiresAt: expiry(request.expiresDateTime, lifetimeDays, now),
    additions: additionsOf(request, now),
  }
}

/**
 * Graph: `john_contoso.com#EXT#`, which `@<initial domain>` makes the user principal name; the domain in A-labels, so
 * two addresses never share a name.
 */
export function guestNickname(address: EmailAddress): string {
  return `${address.local}_${address.domain}#EXT#`
}

function address(target: string, text: string): EmailAddress {
  const parsed = parseEmailAddress(text)
  if (!parsed) throw refusals.addressMalformed(target)
  return parsed
}

/** Kept as written: what the caller sent is what the guest opens. */
function webUrl(target: string, text: string, schemes: string[]): string {
  const words = schemes.map((scheme) => scheme.slice(0, -1)).join(' or ')
  // White space and control characters are dropped by URL parsers, which would make two spellings of one address.
  if (/[\s\p{Cc}\\]/u.test(text)) throw refusals.urlMalformed(target, words)
  const parsed = parseUrl(text)
  if (!parsed || !schemes.includes(parsed.protocol)) throw refusals.urlMalformed(target, words)
  if (parsed.username !== '' || parsed.password !== '') throw refusals.urlMalformed(target, words)
  const hasHost = parsed.protocol === 'mailto:' || /^https?:\/\/[^/]/i.test(text)
  if (!hasHost) throw refusals.urlMalformed(target, words)
  if (parsed.protocol === 'mailto:' && !parseEmailAddress(decodeURIComponentSafely(parsed.pathname)))
    throw refusals.urlMalformed(target, words)
  return text
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** Graph's own answers hold one empty recipient, which clients send back: it means none. */
function copy(info: InvitationRequest['invitedUserMessageInfo']): Wish['cc'] {
  const recipient = info?.ccRecipients?.[0]?.emailAddress
  if (!recipient?.address) return undefined
  return {
    name: recipient.name ?? undefined,
    address: address('invitedUserMessageInfo.ccRecipients', recipient.address).text,
  }
}

function sponsors(request: InvitationRequest): string[] | undefined {
  const bound = request['invitedUserSponsors@odata.bind']?.map((url) => url.slice(url.lastIndexOf('/') + 1))
  const given = request.invitedUserSponsors?.map(({ id }) => id)
  if (!bound && !given) return undefined
  const ids = [
    ...new Set([...(given ?? []), ...(bound ?? [])].map((id) => id.replace(/^.*\('|'\)$/g, '').toLowerCase())),
  ]
  if (ids.length > 5) throw refusals.tooManySponsors()
  const stranger = ids.find((id) => !isGuid(id))
  if (stranger !== undefined) throw refusals.sponsorUnknown(stranger.slice(0, 64))
  return ids
}

function additionsOf(request: InvitationRequest, now: Instant): Wish['additions'] {
  const { invitedUserProperties: properties, invitedUserGroups, invitedUserAppRoleAssignments = [] } = request
  const accessEndsAt = accessEnd(request.accessEndDateTime, now)
  const says = properties !== undefined && Object.keys(properties).length > 0
  const groupIds = invitedUserGroups && [...new Set(invitedUserGroups.map((id) => id.toLowerCase()))]
  const assignments = invitedUserAppRoleAssignments.map(({ resourceId, appRoleId = DEFAULT_ACCESS }) => ({
    resourceId: resourceId.toLowerCase(),
    appRoleId: appRoleId.toLowerCase(),
  }))
  if (!says && !groupIds?.length && assignments.length === 0 && accessEndsAt === undefined) return undefined
  return {
    properties: says ? properties : undefined,
    groupIds: groupIds?.length ? groupIds : undefined,
    accessEndsAt,
    ...(assignments.length > 0 && { assignments }),
  }
}

function accessEnd(given: string | null | undefined, now: Instant): Instant | null | undefined {
  if (given === undefined || given === null) return given
  const at = new Date(given)
  if (Number.isNaN(at.getTime()) || at <= now) throw refusals.accessEndsInPast()
  return at
}

function expiry(given: string | null | undefined, lifetimeDays: number | null, now: Instant): Instant | null {
  if (given === null) return null
  if (given === undefined) return lifetimeDays === null ? null : later(now, lifetimeDays * DAY_MS)
  const at = new Date(given)
  if (Number.isNaN(at.getTime()) || at <= now) throw refusals.expiresInPast()
  return at
}
