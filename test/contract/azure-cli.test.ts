import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { plainEnvironment, startAsUsersDo } from '../support/as-users-do.js'

const MINUTES = 60_000

// It starts Python a dozen times.
t.setTimeout(15 * MINUTES)

t.test('Azure CLI of Debian signs in as a service principal and works with users and applications', async (t) => {
  const { facts } = await startAsUsersDo(t)
  const { tlsBaseUrl: tls = '', clientId = '', clientSecret = '', caFile = '' } = facts
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-az-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const env = {
    ...plainEnvironment(),
    AZURE_CONFIG_DIR: join(folder, 'azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_NO_COLOR: 'true',
    REQUESTS_CA_BUNDLE: caFile,
  }
  const az = async (...words: string[]): Promise<any> => {
    const { stdout } = await promisify(execFile)('/usr/bin/az', [...words, '--output', 'json'], {
      env,
      maxBuffer: 16 * 1024 * 1024,
    })
    return stdout.trim() === '' ? undefined : JSON.parse(stdout)
  }
  const cloud = join(folder, 'cloud.json')
  const endpoints = {
    activeDirectory: `${tls}/adfs`,
    activeDirectoryResourceId: tls,
    activeDirectoryGraphResourceId: tls,
    microsoftGraphResourceId: `${tls}/`,
    resourceManager: tls,
    management: tls,
    gallery: tls,
  }
  await writeFile(cloud, JSON.stringify({ endpoints, suffixes: {} }))
  await az('cloud', 'register', '--name', 'Vestibule', '--cloud-config', `@${cloud}`)
  await az('cloud', 'set', '--name', 'Vestibule')
  const who = [
    '--username',
    clientId,
    '--password',
    clientSecret,
    '--tenant',
    facts['tenantId'] ?? '',
    '--allow-no-subscriptions',
  ]
  await az('login', '--service-principal', ...who)

  const users = await az('ad', 'user', 'list')
  t.match(users, [{ userPrincipalName: facts['adminUserPrincipalName'] }])
  const listed = await az('rest', '--resource', tls, '--url', `${tls}/v1.0/users?$select=id`)
  t.equal(listed.value.length, users.length)
  const invited = await az(
    ...['rest', '--method', 'post', '--resource', tls, '--url', `${tls}/v1.0/invitations`, '--body'],
    JSON.stringify({ invitedUserEmailAddress: 'ana@partner.example', inviteRedirectUrl: 'https://app.example/' }),
  )
  t.equal(invited.status, 'PendingAcceptance')
  t.equal((await az('ad', 'user', 'show', '--id', invited.invitedUser.id)).mail, 'ana@partner.example')

  const application = await az(
    'ad',
    'app',
    'create',
    '--display-name',
    'Wiki',
    '--web-redirect-uris',
    'https://wiki.example/cb',
  )
  t.match(application, { displayName: 'Wiki', web: { redirectUris: ['https://wiki.example/cb'] } })
  const principal = await az('ad', 'sp', 'create', '--id', application.appId)
  t.equal((await az('ad', 'sp', 'show', '--id', application.appId)).id, principal.id)
  const reset = await az('ad', 'app', 'credential', 'reset', '--id', application.appId)
  t.ok(reset.password)
  t.match(await az('ad', 'app', 'list', '--display-name', 'Wiki'), [{ appId: application.appId }])
  await az('ad', 'app', 'delete', '--id', application.appId)
  t.strictSame(await az('ad', 'app', 'list', '--display-name', 'Wiki'), [])
})
