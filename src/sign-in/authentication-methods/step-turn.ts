import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Origins } from '../../platform/origins.js'
import type { OrganizationFrame } from '../../platform/pages/page.js'
import type { TextSender } from '../../platform/text-messages/text-message.js'
import type { Tenant } from '../../tenants/index.js'
import type { Browser } from '../browser.js'
import type { LoggedFor } from '../log/log-context.js'
import type { SessionView } from '../store.js'
import type { Standing } from './read-second-step.js'
import type { StepVisit } from './second-step.js'
import type { CodeNeeds } from './send-code.js'

/** A signed-in browser on its way to something that asks for a second step, at an address of that something. */
export type StepTurn = {
  /** `texts`: phones are a way only where somebody sends text messages. */
  needs: CodeNeeds & { origins: Origins; texts: TextSender | undefined }
  request: FastifyRequest
  reply: FastifyReply
  tenant: Tenant
  browser: Browser
  session: SessionView
  /** What the person reads when they say nothing else. */
  preferred?: string | undefined
  /** Whom they can ask for help: http, https or mailto. */
  contactUrl?: string | undefined
  /**
   * To set up one more method, although nothing asks for it, and where somebody goes who would rather not; who has some
   * must have passed a second step.
   */
  adding?: { backUrl: string } | undefined
  /** What it is for, as the sign-in log tells. */
  loggedFor?: LoggedFor | undefined
}

/** The same with the step that is due looked up. */
export type Asked = StepTurn & {
  visit: StepVisit & { origin: string }
  frame: OrganizationFrame
  csrf: string
  standing: Standing
}

/** What follows may lead to another site at once, and Chromium holds each redirect after a submit against this. */
export const LEADS_ON = { formAction: "'self' https: http:" } as const
