import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { MailNotAccepted } from '../../../src/platform/mail/mail.js'
import { createSmtpTransport } from '../../../src/platform/mail/smtp.js'
import { aMail } from './a-mail.js'

type Answers = {
  greeting?: string
  ehlo?: string[]
  starttls?: string
  mail?: string
  rcpt?: (address: string) => string
  data?: string
  hangAfterData?: boolean
}

/** A local SMTP server that speaks just enough of RFC 5321, and says no where a test wants it to. */
async function smtpServer(t: Test, answers: Answers = {}, timeoutMs = 400) {
  const messages: { from: string; to: string[]; source: string }[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    let buffer = ''
    let body: string | undefined
    let envelope = { from: '', to: [] as string[] }
    const say = (...lines: string[]) => socket.write(`${lines.join('\r\n')}\r\n`)
    const command = (line: string) => {
      commands.push(line)
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO') {
        const offers = ['vestibule.test', ...(answers.ehlo ?? [])]
        say(...offers.map((offer, i) => `250${i === offers.length - 1 ? ' ' : '-'}${offer}`))
      } else if (verb === 'STAR') say(answers.starttls ?? '502 no')
      else if (verb === 'MAIL') {
        envelope = { from: line.replace(/^.*<(.*)>.*$/, '$1'), to: [] }
        say(answers.mail ?? '250 ok')
      } else if (verb === 'RCPT') {
        const address = line.replace(/^.*<(.*)>.*$/, '$1')
        const answer = answers.rcpt?.(address) ?? '250 ok'
        if (answer.startsWith('2')) envelope.to.push(address)
        say(answer)
      } else if (verb === 'DATA') {
        body = ''
        say('354 go on')
      } else if (verb === 'QUIT') say('221 bye')
      else say('250 ok')
    }
    socket.on('data', (chunk) => {
      buffer += chunk.toString()
      for (let end = buffer.indexOf('\r\n'); end >= 0; end = buffer.indexOf('\r\n')) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        if (body === undefined) command(line)
        else if (line !== '.') body += `${line.replace(/^\.\./, '.')}\r\n`
        else {
          const answer = answers.data ?? '250 queued as 1'
          if (answer.startsWith('2')) messages.push({ ...envelope, source: body })
          body = undefined
          if (!answers.hangAfterData) say(answer)
        }
      }
    })
    say(answers.greeting ?? '220 vestibule.test ESMTP')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const transport = createSmtpTransport({ url: `smtp://127.0.0.1:${port}`, timeoutMs })
  t.teardown(async () => {
    await transport.close()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return { transport, messages, commands, sockets }
}

async function refusal(sending: Promise<unknown>): Promise<MailNotAccepted> {
  try {
    await sending
  } catch (error) {
    if (error instanceof MailNotAccepted) return error
    throw error
  }
  throw new Error('the mail was accepted')
}

t.test('an accepted mail arrives in two parts with its headers, over one pooled connection', async (t) => {
  const { transport, messages, sockets } = await smtpServer(t)
  const mail = aMail({ text: 'Grüße\n', html: '<p>Grüße</p>' })
  t.same(await transport.send(mail), { providerMessageId: `<${mail.id}@vestibule.example>` })
  await transport.send(mail)
  t.equal(sockets.size, 1)
  const [message] = messages
  t.equal(message?.from, 'invitations@vestibule.example')
  t.same(message?.to, ['gcarvalho@proseware.example', 'boss@proseware.example'])
  const source = message?.source ?? ''
  t.match(source, /^From: Vestibule on behalf of Fabrikam <invitations@vestibule\.example>\r$/m)
  t.match(source, /^To: Giovanna Carvalho <gcarvalho@proseware\.example>\r$/m)
  t.match(source, /^Cc: boss@proseware\.example\r$/m)
  t.match(source, /^Reply-To: Nils Brandt <nils\.brandt@fabrikam\.example>\r$/m)
  t.match(source, new RegExp(`^Message-ID: <${mail.id}@vestibule\\.example>\\r$`, 'm'))
  t.match(source, /^List-Unsubscribe: <https:\/\/vestibule\.example\/signin\/block\?tenant=1>\r$/m)
  t.match(source, /^Auto-Submitted: auto-generated\r$/m)
  t.match(source, /^Content-Type: multipart\/alternative/m)
  t.match(source, /text\/plain; charset=utf-8[\s\S]*text\/html; charset=utf-8/)
})

const outcomes: { title: string; answers: Answers; permanent: boolean; says: RegExp }[] = [
  { title: 'an unknown mailbox', answers: { rcpt: () => '550 5.1.1 no such user' }, permanent: true, says: /5\.1\.1/ },
  { title: 'a full mailbox', answers: { rcpt: () => '452 4.2.2 mailbox full' }, permanent: false, says: /4\.2\.2/ },
  {
    title: 'an unknown guest beside a known copy',
    answers: { rcpt: (address) => (address.startsWith('boss') ? '250 ok' : '550 5.1.1 no such user') },
    permanent: true,
    says: /5\.1\.1/,
  },
  { title: 'refused content', answers: { data: '554 5.7.1 rejected' }, permanent: true, says: /5\.7\.1/ },
  { title: 'greylisting', answers: { data: '451 4.7.1 come back later' }, permanent: false, says: /4\.7\.1/ },
  { title: 'a missing login', answers: { mail: '530 5.7.0 authentication required' }, permanent: false, says: /530/ },
  { title: 'a server that is closed', answers: { greeting: '554 no service' }, permanent: false, says: /554/ },
  {
    title: 'a server that offers encryption and cannot do it',
    answers: { ehlo: ['STARTTLS'], starttls: '454 4.7.0 TLS not available' },
    permanent: false,
    says: /TLS/,
  },
]
for (const { title, answers, permanent, says } of outcomes) {
  t.test(`${title} is ${permanent ? 'final' : 'passing'}`, async (t) => {
    const { transport } = await smtpServer(t, answers)
    const error = await refusal(transport.send(aMail()))
    t.equal(error.permanent, permanent)
    t.match(error.message, says)
  })
}

t.test(
  'a domain of other letters travels in A-labels, and its refusal counts beside a copy that was taken',
  async (t) => {
    const address = 'ana@bücher.example'
    let answer = '250 ok'
    const { transport, messages, commands } = await smtpServer(t, {
      rcpt: (to) => (to.startsWith('ana') ? answer : '250 ok'),
    })
    const mail = aMail({ to: { address } })
    await transport.send(mail)
    t.ok(commands.includes('RCPT TO:<ana@xn--bcher-kva.example>'))
    t.match(messages[0]?.source, /^To: ana@xn--bcher-kva\.example\r$/m)
    answer = '550 5.1.1 no such user'
    t.match(await refusal(transport.send(mail)), { permanent: true, message: /5\.1\.1/ })
  },
)

t.test('nothing is said in the clear after a failed upgrade', async (t) => {
  const { transport, commands } = await smtpServer(t, { ehlo: ['STARTTLS'], starttls: '454 not now' })
  await refusal(transport.send(aMail()))
  t.notOk(
    commands.some((command) => /^(MAIL|AUTH)/i.test(command)),
    commands.join(),
  )
})

// The pool would otherwise send again by itself: the outbox alone decides about repetitions.
t.test('a server that goes silent after the message is given up, and the message not repeated', async (t) => {
  const { transport, messages } = await smtpServer(t, { hangAfterData: true }, 300)
  const error = await refusal(transport.send(aMail()))
  t.equal(error.permanent, false)
  t.equal(messages.length, 1)
})

t.test('nobody listening is passing', async (t) => {
  const transport = createSmtpTransport({ url: 'smtp://127.0.0.1:1', timeoutMs: 500 })
  t.teardown(() => transport.close())
  const error = await refusal(transport.send(aMail()))
  t.equal(error.permanent, false)
  await t.rejects(transport.verify(), MailNotAccepted)
})

t.test('line breaks in names and subject make no header', async (t) => {
  const { transport, messages } = await smtpServer(t)
  await transport.send(
    aMail({
      from: { name: 'Fabrikam\r\nBcc: all@evil.example', address: 'a@vestibule.example' },
      to: { name: '"x@evil.example" <y@evil.example>,', address: 'g@proseware.example' },
      subject: 'Hello\r\nBcc: all@evil.example',
      cc: [],
    }),
  )
  t.same(messages[0]?.to, ['g@proseware.example'])
  t.notMatch(messages[0]?.source ?? '', /^Bcc:/im)
})

t.test('checking the server says hello to it', async (t) => {
  const { transport, commands } = await smtpServer(t)
  await transport.verify()
  t.match(commands[0], /^EHLO/)
})
