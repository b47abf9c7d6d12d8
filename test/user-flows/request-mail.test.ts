import t from 'tap'
import { LANGUAGES, textsIn } from '../../src/platform/i18n/index.js'
import { type RequestMailInput, requestMail } from '../../src/user-flows/requests/mail/request-mails.js'

const url = 'https://guests.contoso.example/myaccess/sign-ups/01a2?tenant=01a3'
const until = new Date('2026-12-26T10:00:00Z')
const EVIL = '<b>Fabrikam</b>\r\nBcc: all@evil.example'

t.test('every mail about a request, in every language', async (t) => {
  for (const { code } of LANGUAGES) {
    const texts = textsIn(code)
    const shared = {
      texts,
      organization: {
        name: '<b>Fabrikam</b>\r\nInc',
        domain: 'fabrikam.example',
        colours: { fill: '#1b1d1f', ink: '#ffffff' },
      },
      visitor: 'gil@partner.example',
      address: 'ana@fabrikam.example',
    }
    const mails: RequestMailInput[] = [
      { ...shared, kind: 'ask', until, url },
      { ...shared, kind: 'approved', url },
      { ...shared, kind: 'denied', reason: `${EVIL}\n${'a'.repeat(400)}`, contact: 'desk@fabrikam.example' },
      { ...shared, kind: 'denied' },
      { ...shared, kind: 'lapsed', until, url, contact: 'desk@fabrikam.example' },
      { ...shared, kind: 'lapsed', until },
    ]
    for (const input of mails) {
      const { subject, html, text } = requestMail(input)
      const title = `${code} ${input.kind}`
      t.notMatch(subject, /[\r\n]|<b>.*\n/, `${title}: one line`)
      t.ok(Buffer.byteLength(html) < 8_192, `${title}: under 8 kB`)
      t.notMatch(html, '<b>Fabrikam', `${title}: names are text`)
      t.match(html, `<html lang="${code}" dir="${texts.direction}"`)
      t.notMatch(text, /^Bcc:/m, `${title}: no line that somebody wrote passes for ours`)
      const leads = input.url !== undefined
      t.equal(text.split('\n').includes(url), leads, `${title}: the link has a line of its own, or there is none`)
      t.equal(html.includes(`href="${url.replaceAll('&', '&amp;')}"`), leads, title)
      t.notMatch(text, /\{\w+\}/, `${title}: nothing is left to fill in`)
    }
  }
})
