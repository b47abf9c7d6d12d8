import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { command } from '../cli/command.js'
import { startService } from '../support/service.js'

/** Starts a sample as its README says; its address is the first thing it prints. Ended when `t` ends. */
async function startSample(t: Test, file: string, secret: string): Promise<string> {
  const child: ChildProcess = spawn(process.execPath, [join(packageRoot, 'examples/connector', file)], {
    env: { CONNECTOR_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill())
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)))
  })
}

t.test('the sample connectors, asked from the command line', async (t) => {
  const service = await startService(t, { workers: false })
  const env = {
    VESTIBULE_URL: service.baseUrl,
    VESTIBULE_TENANT: service.tenantId,
    VESTIBULE_CLIENT_ID: service.clientId,
    VESTIBULE_CLIENT_SECRET: service.clientSecret,
  }
  const dir = await mkdtemp(join(tmpdir(), 'vestibule-claims-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const file = join(dir, 'claims.json')
  const create = async (
    displayName: string,
    targetUrl: string,
    authenticationConfiguration: object,
  ): Promise<string> => {
    const body = { displayName, targetUrl, authenticationConfiguration }
    const answer = await service.api('POST', '/identity/apiConnectors', body)
    t.equal(answer.status, 201, answer.text)
    return answer.body.id
  }
  const ask = async (id: string, claims: object, ...more: string[]) => {
    await writeFile(file, JSON.stringify(claims))
    return command(['connector', 'test', id, '--claims', file, ...more], env)
  }
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const signature = { '@odata.type': '#vestibule.webhookSignatureAuthentication', secret }
  const basic = (password: string) => ({
    '@odata.type': '#microsoft.graph.basicAuthentication',
    username: 'vestibule',
    password,
  })
  const partners = await startSample(t, 'partner-number.js', secret)
  const domains = await startSample(t, 'disposable-domains.js', 'a password')
  const number = await create('Partner numbers', `${partners}?code=key`, signature)
  const disposable = await create('Disposable domains', domains, basic('a password'))

  await t.test('a partner number that is known goes on with its company', async (t) => {
    const claims = { email: 'ana@partner.example', [`extension_${'0'.repeat(32)}_PartnerNumber`]: ' p-1042' }
    const { code, out, err } = await ask(number, claims)
    t.equal(code, 0, err)
    t.match(out, `Sent POST ${partners}?code=***\n`)
    t.match(out, /webhook-signature: \*\*\*\n/)
    t.match(out, /Came \d+ ms later \(200 after \d+ ms\)\n {2}200 application\/json\n/)
    t.match(
      out,
      /action +Continue\n.*PartnerNumber +"P-1042"\n +companyName +"Fabrikam"\n +city +"Bern"\n +visitor +goes on\n/,
    )
  })

  await t.test('one that is not known is asked for again, in the language of the visitor', async (t) => {
    const claims = { email: 'ana@partner.example', extension_PartnerNumber: 'P-1' }
    const { code, out } = await ask(number, claims, '--locale', 'de-CH', '--json')
    t.equal(code, 0)
    t.match(JSON.parse(out).reading, {
      action: 'ValidationError',
      userMessage: /^Diese Partnernummer/,
      visitorPasses: false,
    })
    t.match(await ask(number, claims), { code: 0, out: /action +ValidationError\n +tells +We do not know/ })
  })

  await t.test('a mailbox that is thrown away does not sign up', async (t) => {
    const first = ['--step', 'PostFederationSignup']
    for (const email of ['bo@mailinator.com', 'bo@eu.Mailinator.com']) {
      t.match(await ask(disposable, { email }, ...first), { code: 0, out: /ShowBlockPage\n +tells +Please sign up/ })
    }
    t.match(await ask(disposable, { email: 'bo@notmailinator.com' }, ...first), { code: 0, out: /action +Continue/ })
  })

  await t.test('who does not prove themselves is told where to look', async (t) => {
    const wrong = await create('Wrong password', domains, basic('another password'))
    const forged = await create('Wrong secret', partners, {
      ...signature,
      secret: `whsec_${Buffer.alloc(32, 8).toString('base64')}`,
    })
    for (const id of [wrong, forged]) {
      t.match(await ask(id, { email: 'bo@b.example' }), {
        code: 1,
        out: /reason +The connector answered 401.*Check auth/,
      })
    }
  })

  await t.test('they are listed, without the keys in their addresses', async (t) => {
    const { code, out, err } = await command(['connectors', 'list'], env)
    t.equal(code, 0, err)
    const [head = '', first = ''] = out.split('\n')
    t.match(head, /^ID +NAME +CIRCUIT +URL$/)
    t.match(first, new RegExp(`^${number}  Partner numbers +closed +${partners}\\?…$`))
  })

  await t.test('what cannot be read is said', async (t) => {
    t.match(await command(['connector', 'test', number, '--claims', '/nowhere.json'], env), {
      code: 2,
      err: /cannot be read/,
    })
    await writeFile(file, 'email: ana')
    t.match(await command(['connector', 'test', number, '--claims', file], env), { code: 2, err: /is no JSON/ })
    t.match(await ask('nobody', {}), { code: 1, err: /does not exist/ })
  })
})
