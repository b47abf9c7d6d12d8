import { matchLanguage, textsIn } from '../platform/i18n/index.js'
import { oneLine, shownName, withoutAutoLinks } from '../platform/mail/names.js'
import type { Work } from '../platform/queue.js'
import { TextNotAccepted, type TextSender } from '../platform/text-messages/text-message.js'
import type { Tenant } from '../tenants/index.js'
import { type DeliverNeeds, type Delivery, deliverPasscode } from './deliver-passcode.js'
import type { PasscodeMailFacts } from './store.js'

type Needs = DeliverNeeds & { texts: TextSender | undefined; counted: (outcome: Delivery) => void }

/** Letters of an organization's name in a message, which is paid for by its length. */
const MOST_NAME = 40

/** Texts the code of one outbox row unless it is used, expired or replaced. Safe to run twice. */
export async function sendPasscodeText(needs: Needs, work: Work): Promise<void> {
  const became = await deliverPasscode(
    needs,
    work,
    (tenant, facts, code) => {
      // The setting was taken away while a message waited.
      if (!needs.texts) throw new TextNotAccepted('nobody sends text messages here', { permanent: false })
      const { address: to, expiresAt } = facts
      const text = textOf(tenant, facts, code)
      return needs.texts.send({ id: work.id, to, text, expiresAt: new Date(expiresAt) })
    },
    (error) => (error instanceof TextNotAccepted ? error : undefined),
  )
  if (became) needs.counted(became)
}

function textOf({ displayName }: Tenant, { language, createdAt, expiresAt }: PasscodeMailFacts, code: string): string {
  const minutes = Math.round((new Date(expiresAt).getTime() - new Date(createdAt).getTime()) / 60_000)
  const organization = withoutAutoLinks(oneLine(shownName(displayName)).slice(0, MOST_NAME))
  return textsIn(matchLanguage(language) ?? 'en').say('mfa.text', { code, organization, minutes })
}
