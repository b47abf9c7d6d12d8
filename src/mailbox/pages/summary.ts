/** A message as the mailbox keeps it. */
export type ShownMessage = {
  id: string
  /** Bare addresses. */
  to: readonly string[]
  cc: readonly string[]
  from: string
  replyTo?: string | null | undefined
  subject: string
  text: string
  links: readonly string[]
  createdDateTime: string
}

/** What a developer looks for in a message: the code to type or the link to open. */
export type MessageSummary = { code: string | undefined; redeemUrl: string | undefined }

/** Finds the passcode (a mail without links whose text has exactly one 8-digit number) or the redemption link. */
export function summarize({ text, links }: ShownMessage): MessageSummary {
  const redeemUrl = links.find((link) => /^https?:\/\/[^/]+\/redeem\?/.test(link))
  const numbers = links.length === 0 ? text.match(/(?<!\d)\d{8}(?!\d)/g) : null
  return { code: numbers?.length === 1 ? numbers[0] : undefined, redeemUrl }
}

/** `10:35`, or the day too when it is not today's (`20 Nov 10:35`), in UTC. */
export function shortTime(createdDateTime: string, now: Date): string {
  const at = new Date(createdDateTime)
  const clock = at.toISOString().slice(11, 16)
  return isSameDay(at, now) ? clock : `${DAY.format(at)} ${clock}`
}

/** `today 10:31:07 UTC`, or with the date. */
export function longTime(createdDateTime: string, now: Date): string {
  const at = new Date(createdDateTime)
  const clock = `${at.toISOString().slice(11, 19)} UTC`
  return isSameDay(at, now) ? `today ${clock}` : `${at.toISOString().slice(0, 10)} ${clock}`
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

function isSameDay(one: Date, other: Date): boolean {
  return one.toISOString().slice(0, 10) === other.toISOString().slice(0, 10)
}
