import { Guest, nextCode, type Page } from '../support/guest.js'
import type { MailJson } from '../support/service.js'

/** Somebody who signs up at a running service by a code to their mailbox; answers with the page behind the form. */
export async function signUpByHand(
  { baseUrl, mailboxUrl, tenantId }: Record<string, string>,
  flowId: string,
  address: string,
  answers: Record<string, string>,
): Promise<Page> {
  const visitor = new Guest()
  const url = `${baseUrl}/${tenantId}/signup/${flowId}`
  const send = async (fields: Record<string, string>) => {
    await visitor.get(url)
    return visitor.post(url, fields)
  }
  await send({ email: address })
  const mails = async (to: string): Promise<MailJson[]> => (await fetch(`${mailboxUrl}/messages?to=${to}`)).json()
  await send({ code: await nextCode({ mails }, address, 0) })
  const { status, location, name } = await send({ action: 'answer', ...answers })
  if (status !== 303 || location === null) throw new Error(`the form of ${address} answered ${status} ${name}`)
  return visitor.get(new URL(location, baseUrl).href)
}
