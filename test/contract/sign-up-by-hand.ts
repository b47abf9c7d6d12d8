import { codesIn, Guest, type Page } from '../support/guest.js'

const PATIENCE_MS = 20_000

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
  for (const deadline = Date.now() + PATIENCE_MS; ; ) {
    const [code] = codesIn(await (await fetch(`${mailboxUrl}/messages?to=${address}`)).json())
    if (code !== undefined) {
      await send({ code })
      break
    }
    if (Date.now() > deadline) throw new Error(`no code reached ${address}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { status, location, name } = await send({ action: 'answer', ...answers })
  if (status !== 303 || location === null) throw new Error(`the form of ${address} answered ${status} ${name}`)
  return visitor.get(new URL(location, baseUrl).href)
}
