import { sendReminderMail } from '../src/access-end/index.js'
import { sendInvitationMail } from '../src/invitations/index.js'
import { startWorker } from '../src/platform/outbox/worker.js'
import type { QueueWorker } from '../src/platform/queue.js'
import type { Services } from '../src/services.js'
import { SECURITY_MAILS, sendPasscodeMail, sendPasscodeText, sendSecurityMail } from '../src/sign-in/index.js'
import { SIGN_UP_MAIL, sendRequestMail } from '../src/user-flows/index.js'

/** Mails in flight, together 50 a process; codes have places of their own, so no burst of invitations delays them. */
const INVITATIONS_AT_ONCE = 36
const REMINDERS_AT_ONCE = 2
const SIGN_UPS_AT_ONCE = 2
const SECURITY_AT_ONCE = 2
const PASSCODES_AT_ONCE = 8
const TEXTS_AT_ONCE = 4

/** Queue plumbing only: each topic's work is done by its capability. */
export function startMailWorkers(services: Services): QueueWorker[] {
  const needs = {
    ...services,
    publicUrl: services.origins.publicUrl,
    mailFrom: services.config.mail.from,
    counted: services.metrics.mail,
  }
  return [
    startWorker(services, 'invitation.mail', INVITATIONS_AT_ONCE, async (work) => {
      await sendInvitationMail(needs, work)
      services.changed(work.tenantId)
    }),
    startWorker(services, 'access.mail', REMINDERS_AT_ONCE, (work) => sendReminderMail(needs, work)),
    startWorker(services, SIGN_UP_MAIL, SIGN_UPS_AT_ONCE, (work) => sendRequestMail(needs, work)),
    startWorker(services, SECURITY_MAILS, SECURITY_AT_ONCE, (work) => sendSecurityMail(needs, work)),
    startWorker(services, 'passcode.mail', PASSCODES_AT_ONCE, (work) => sendPasscodeMail(needs, work)),
    startWorker(services, 'passcode.sms', TEXTS_AT_ONCE, (work) =>
      sendPasscodeText({ ...services, counted: services.metrics.text }, work),
    ),
  ]
}
