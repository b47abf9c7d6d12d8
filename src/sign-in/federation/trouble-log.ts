import { type LogContext, loggedFor } from '../log/log-context.js'
import type { FlowHome, FlowPurpose } from './flow.js'

/** What the sign-in log calls a home: the id of the identity provider or of the organization. */
export function providerOf(home: FlowHome): string {
  return home.kind === 'provider' ? home.providerId : home.tenantId
}

/** The line of a sign-in that led nowhere; undefined for what was no sign-in. */
export function troubleLog(
  purpose: FlowPurpose,
  home: FlowHome,
  client: string | undefined,
): { userId: string | undefined; log: LogContext } | undefined {
  const logged = loggedFor(purpose)
  if (!logged) return undefined
  const { userId, address } = purpose
  return {
    userId: typeof userId === 'string' ? userId : undefined,
    log: {
      ...logged,
      client,
      provider: providerOf(home),
      identifier: typeof address === 'string' ? address : home.name,
    },
  }
}
