import { createHash } from 'node:crypto'
import { format } from '../../kernel/ids.js'

/** What a sign-in was for, as its lines in the log tell. */
export type LoggedFor = {
  /** The invitation, or the request of an application. */
  correlationId: string
  /** `appId` of the application that asked, and what it was called then. */
  applicationId?: string | undefined
  applicationName?: string | undefined
}

/** Everything of a line that the request knows, for the statement that knows the rest. */
export type LogContext = LoggedFor & {
  client: string | undefined
  /** Who vouches: see `signIns`. */
  provider: string
  /** What was proved or was to be. */
  identifier: string
}

/** The method of lines that nobody was asked anything for: an application shows a refresh token. */
export const REFRESH = 'refreshToken'

/** An id for what has a name that is none, the same each time: lines of one request of an application have one. */
export function correlationOf(name: string): string {
  return format(createHash('sha256').update(`sign-in ${name}`).digest().subarray(0, 16))
}

/** What a flow to a home keeps for its lines in the log. */
export function flowLog({ correlationId, applicationId, applicationName }: LoggedFor): Record<string, string> {
  return {
    correlationId,
    ...(applicationId !== undefined && { applicationId }),
    ...(applicationName !== undefined && { applicationName }),
  }
}

/** What a flow that was kept says again; undefined when it was no sign-in: a test of a connection, say. */
export function loggedFor(purpose: Readonly<Record<string, string | number>>): LoggedFor | undefined {
  const { correlationId, applicationId, applicationName } = purpose
  if (typeof correlationId !== 'string') return undefined
  return {
    correlationId,
    ...(typeof applicationId === 'string' && { applicationId }),
    ...(typeof applicationName === 'string' && { applicationName }),
  }
}
