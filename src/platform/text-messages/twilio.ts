import type { TextSettings } from '../config-senders.js'
import type { TextMessage, TextRequest } from './text-message.js'

/** Twilio's Messages resource (API version 2010-04-01), which others serve, too. */
export function twilioRequest(
  { baseUrl, accountSid, authToken, from }: Extract<TextSettings, { sender: 'twilio' }>,
  { to, text }: TextMessage,
): TextRequest {
  const sender = /^MG[0-9a-f]{32}$/i.test(from) ? { MessagingServiceSid: from } : { From: from }
  return {
    url: `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({ To: to, ...sender, Body: text }).toString(),
  }
}
