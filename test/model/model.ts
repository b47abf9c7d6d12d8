/** What can happen to one address, in the order in which it happens. `which` counts round the invitations made so far. */
export type Step =
  | { act: 'invite'; send: boolean; expiry: 'default' | 'soon' | 'never' }
  | { act: 'reset' | 'delete' | 'expire' | 'deliver' }
  | { act: 'resend' | 'revoke'; which: number }
  | { act: 'advance'; ms: number }
  | { act: 'open' | 'send' | 'accept' | 'decline'; which: number; browser: 0 | 1 }
  | { act: 'code'; which: number; browser: 0 | 1; code: 'right' | 'wrong' }

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE
export const SOON = 20 * MINUTE

type Guest = { acceptedAt: number | undefined; isDeleted: boolean; sessionsFrom: number }
type Mail = { invitation: Invitation; state: 'queued' | 'sent' | 'suppressed' }
export type Invitation = {
  guest: Guest
  status: 'pending' | 'completed' | 'revoked'
  createdAt: number
  expiresAt: number
  redeemedAt: number
  /** Made before a reset: its link is dead for good. */
  isOutdated: boolean
  isLapseWritten: boolean
  mailedAt: number
  delivery: 'queued' | 'sent' | 'suppressed' | null
  sentCount: number
  history: string[]
}
type Code = { sentAt: number; isUsed: boolean; triesLeft: number }
type Browser = { session: { guest: Guest; at: number } | undefined; codes: Map<Invitation, Code> }

/**
 * What the specification says about one address and whoever was invited under it: the current guest, earlier ones who
 * were deleted, and every invitation. Each step answers with what the caller or the browser must see.
 */
export class Model {
  readonly guests: Guest[] = []
  readonly invitations: Invitation[] = []
  readonly mails: Mail[] = []
  readonly #browsers: Browser[] = [
    { session: undefined, codes: new Map() },
    { session: undefined, codes: new Map() },
  ]
  #mailTimes: number[] = []
  #codeTimes: number[] = []

  get guest(): Guest | undefined {
    return this.guests.find(({ isDeleted }) => !isDeleted)
  }

  pick(which: number): Invitation | undefined {
    return this.invitations[which % Math.max(1, this.invitations.length)]
  }

  invite(now: number, send: boolean, expiry: 'default' | 'soon' | 'never'): string {
    const guest = this.guest ?? { acceptedAt: undefined, isDeleted: false, sessionsFrom: 0 }
    if (!this.guests.includes(guest)) this.guests.push(guest)
    const isSuppressed = send && this.#mailsToday(now) >= 10
    const invitation: Invitation = {
      guest,
      status: guest.acceptedAt === undefined ? 'pending' : 'completed',
      createdAt: now,
      expiresAt: { default: now + 30 * DAY, soon: now + SOON, never: Number.POSITIVE_INFINITY }[expiry],
      redeemedAt: guest.acceptedAt ?? Number.NaN,
      isOutdated: false,
      isLapseWritten: false,
      mailedAt: Number.NEGATIVE_INFINITY,
      delivery: send ? (isSuppressed ? 'suppressed' : 'queued') : null,
      sentCount: 0,
      history: ['invited'],
    }
    this.invitations.push(invitation)
    if (send && !isSuppressed) this.#queue(invitation, now)
    return `201 ${statusOf(invitation, now)} ${isSuppressed ? 'suppressed' : 'asked'}`
  }

  reset(now: number): string {
    const { guest } = this
    if (!guest) return '404'
    this.#end(guest, now, 'reset')
    for (const invitation of this.invitations) if (invitation.guest === guest) invitation.isOutdated = true
    guest.acceptedAt = undefined
    guest.sessionsFrom = now
    return this.invite(now, false, 'default')
  }

  remove(now: number): string {
    const { guest } = this
    if (!guest) return '404'
    this.#end(guest, now, 'revoked')
    guest.isDeleted = true
    return '204'
  }

  resend(now: number, invitation: Invitation): string {
    if (statusOf(invitation, now) !== 'PendingAcceptance') return '400'
    if (invitation.mailedAt + MINUTE > now || this.#mailsToday(now) >= 10) return '429'
    this.#queue(invitation, now)
    invitation.delivery = 'queued'
    invitation.history.push('resent')
    return '200 PendingAcceptance'
  }

  revoke(now: number, invitation: Invitation): string {
    if (invitation.status === 'completed') return '400'
    this.#end(invitation.guest, now, 'revoked')
    return '204'
  }

  expire(now: number): void {
    for (const invitation of this.invitations) {
      if (invitation.status !== 'pending' || invitation.expiresAt > now || invitation.isLapseWritten) continue
      invitation.isLapseWritten = true
      invitation.history.push('expired')
    }
  }

  deliver(now: number): void {
    for (const mail of this.mails) {
      if (mail.state !== 'queued') continue
      const { invitation } = mail
      mail.state = isWanted(invitation, now) ? 'sent' : 'suppressed'
      invitation.delivery = mail.state
      invitation.history.push(mail.state)
      if (mail.state === 'sent') invitation.sentCount += 1
    }
  }

  open(now: number, number: 0 | 1, invitation: Invitation): string {
    const page = this.#page(now, number, invitation)
    if (page === 'onward') return '303 landing'
    return page === 'expired' || page === 'revoked' ? `410 ${page}` : `200 ${page}`
  }

  send(now: number, number: 0 | 1, invitation: Invitation): string {
    if (!this.#isAsking(now, number, invitation)) return this.open(now, number, invitation)
    const [newest = Number.NEGATIVE_INFINITY] = this.#codeTimes
    const fifth = this.#codeTimes[4] ?? Number.NEGATIVE_INFINITY
    if (newest > now - 30 * SECOND || fifth > now - 15 * MINUTE) return '429 limited'
    this.#codeTimes = [now, ...this.#codeTimes]
    this.#browser(number).codes.set(invitation, { sentAt: now, isUsed: false, triesLeft: 5 })
    return '303'
  }

  code(now: number, number: 0 | 1, invitation: Invitation, isRight: boolean): string {
    if (!this.#isAsking(now, number, invitation)) return this.open(now, number, invitation)
    const code = this.#browser(number).codes.get(invitation)
    if (!code || !isLive(code, now)) return '422 code'
    if (!isRight) {
      code.triesLeft -= 1
      return '422 code'
    }
    code.isUsed = true
    this.#browser(number).session = { guest: invitation.guest, at: now }
    return '303'
  }

  accept(now: number, number: 0 | 1, invitation: Invitation): string {
    if (this.#page(now, number, invitation) !== 'consent') return this.open(now, number, invitation)
    const { guest } = invitation
    for (const other of this.invitations) {
      if (other.guest !== guest || statusOf(other, now) !== 'PendingAcceptance') continue
      other.status = 'completed'
      other.redeemedAt = now
      other.history.push('redeemed')
    }
    guest.acceptedAt = now
    this.#browser(number).session = { guest, at: now }
    return '303 landing'
  }

  decline(now: number, number: 0 | 1, invitation: Invitation): string {
    if (this.#page(now, number, invitation) !== 'consent') return this.open(now, number, invitation)
    invitation.history.push('declined')
    return '303 declined'
  }

  #page(now: number, number: 0 | 1, invitation: Invitation): string {
    const { guest } = invitation
    if (invitation.isOutdated || guest.isDeleted || invitation.status === 'revoked') return 'revoked'
    if (statusOf(invitation, now) === 'Expired') return 'expired'
    const { session, codes } = this.#browser(number)
    const isSignedIn = session?.guest === guest && session.at >= guest.sessionsFrom && session.at + DAY > now
    if (isSignedIn) return invitation.status === 'pending' ? 'consent' : 'onward'
    const code = codes.get(invitation)
    return code && isLive(code, now) ? 'code' : 'start'
  }

  #isAsking(now: number, number: 0 | 1, invitation: Invitation): boolean {
    return ['start', 'code'].includes(this.#page(now, number, invitation))
  }

  #browser(number: 0 | 1): Browser {
    const browser = this.#browsers[number]
    if (!browser) throw new Error('there are two browsers')
    return browser
  }

  #end(guest: Guest, now: number, event: 'revoked' | 'reset'): void {
    for (const invitation of this.invitations) {
      if (invitation.guest !== guest || statusOf(invitation, now) !== 'PendingAcceptance') continue
      invitation.status = 'revoked'
      invitation.history.push(event)
    }
  }

  #queue(invitation: Invitation, now: number): void {
    invitation.mailedAt = now
    this.#mailTimes.push(now)
    this.mails.push({ invitation, state: 'queued' })
  }

  #mailsToday(now: number): number {
    return this.#mailTimes.filter((at) => at > now - DAY).length
  }
}

/** As a reader of invitations sees it, whether or not the job has written down what lapsed. */
export function statusOf(invitation: Invitation, now: number): string {
  if (invitation.status === 'completed') return 'Completed'
  if (invitation.status === 'revoked') return 'Revoked'
  return invitation.isLapseWritten || invitation.expiresAt <= now ? 'Expired' : 'PendingAcceptance'
}

function isLive(code: Code, now: number): boolean {
  return !code.isUsed && code.triesLeft > 0 && code.sentAt + 30 * MINUTE > now
}

/** A mail that was queued is sent only while its link leads somewhere. */
function isWanted(invitation: Invitation, now: number): boolean {
  if (invitation.guest.isDeleted || invitation.isOutdated) return false
  if (invitation.status === 'completed') return invitation.redeemedAt <= invitation.createdAt
  return statusOf(invitation, now) === 'PendingAcceptance'
}
