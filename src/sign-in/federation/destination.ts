import type { FastifyRequest } from 'fastify'
import type { Tenant } from '../../tenants/index.js'
import type { Browser } from '../browser.js'
import { correlationOf, type LogContext, loggedFor } from '../log/log-context.js'
import type { Assertion, FlowOutcome, FlowPurpose, Trouble } from './flow.js'

/** A browser that has come back from its home. */
export type Arrival = {
  tenant: Tenant
  browser: Browser
  request: FastifyRequest
  purpose: FlowPurpose
  /** The home's name. */
  home: string
  /** Id of the identity provider, or of the organization that is the home: what the log calls it. */
  provider: string
}

/** What the lines of the log know of an arrival. */
export function arrivalLog(
  { request, purpose, provider }: Arrival,
  { vouchedAddress, toldAddress, name, subject }: Assertion,
): LogContext {
  const identifier = vouchedAddress?.text ?? toldAddress ?? name ?? subject
  const correlationId = correlationOf(`arrival ${request.id}`)
  return { correlationId, ...loggedFor(purpose), client: request.ip, provider, identifier }
}

/** What the capability that sent browsers away does when they come back. */
export type Destination = {
  /** Signs the browser in if what the home says is enough; `session` is the handle that counts from now on. */
  arrive(arrival: Arrival, assertion: Assertion): Promise<{ outcome: FlowOutcome; session?: string }>
  /** Hears that the home's answer led nowhere; the message is for administrators. */
  fail?(arrival: Arrival, trouble: Trouble, message: string): Promise<void>
  /** A path of ours where the person goes on, or, with the name of a flow that led nowhere, is told why. */
  path(tenantId: string, purpose: FlowPurpose, flow?: string): string
}

/** By the kind of purpose. */
export type Destinations = Readonly<Record<string, Destination>>
