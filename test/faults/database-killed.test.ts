import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { fetchToken } from '../support/service.js'
import { until } from '../support/until.js'
import { inviteWithPatience } from './inviting.js'
import { startProcess } from './processes.js'
import { sendThrough, startSendgrid } from './sendgrid.js'

t.setTimeout(900_000)

const GUESTS = 400
/** Mails in flight a process (design: work outside the request). */
const IN_FLIGHT = 50

t.test('an embedded PostgreSQL killed twice is started again, and nothing that was answered is lost', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  // After the process, which would start it again.
  t.teardown(() => killPostgres(dataDir))
  // Slow enough that mails are in flight at each kill.
  const sendgrid = await startSendgrid(t, () => ({ status: 202, when: sleep(100) }))
  await startProcess(t, { VESTIBULE_DATA_DIR: dataDir, PORT: '0', VESTIBULE_TLS_PORT: '0', ...sendThrough(sendgrid) })
  const facts = JSON.parse(await readFile(join(dataDir, 'bootstrap.json'), 'utf8'))
  const url: string = facts.baseUrl
  const token = await fetchToken(url, facts.tenantId, facts.clientId, facts.clientSecret)
  const get = async (path: string) => {
    const response = await fetch(`${url}/v1.0${path}`, { headers: { authorization: `Bearer ${token}` } })
    return (await response.json()) as { value: Record<string, any>[] }
  }

  const addresses = Array.from({ length: GUESTS }, (_, index) => `guest${index}@partner.example`)
  const inviting = inviteWithPatience(addresses, () => ({ url, token }))
  for (const progress of [100, 250]) {
    await Promise.race([until(() => inviting.created.size >= progress, 'some are created'), inviting.done])
    const failuresBefore = inviting.failures()
    const takenBefore = sendgrid.taken.size
    await killPostgres(dataDir)
    await until(() => inviting.failures() > failuresBefore, 'callers notice')
    await until(() => inviting.created.size >= progress + 50, 'it is back')
    t.ok(takenBefore < GUESTS, `it was killed after ${progress} answers, while mails were leaving`)
  }
  await inviting.done
  await until(() => sendgrid.taken.size >= GUESTS, 'every mail left')

  const stored: Record<string, any>[] = []
  await until(async () => {
    stored.splice(0, stored.length, ...(await get('/invitations?$top=999')).value)
    return stored.every(({ delivery }) => delivery.state === 'sent')
  }, 'every mail is written down')
  t.strictSame(
    stored.map(({ id, invitedUserEmailAddress }) => `${invitedUserEmailAddress} ${id}`).sort(),
    [...inviting.created].map(([address, id]) => `${address} ${id}`).sort(),
    'what was answered 201 is what there is, under the ids that were answered',
  )
  t.equal(stored.length, GUESTS, 'one invitation each')
  const { value: guests } = await get(`/users?$filter=userType eq 'Guest'&$top=999`)
  t.strictSame(guests.map(({ mail }) => mail).sort(), [...addresses].sort(), 'one guest each')
  t.equal(sendgrid.taken.size, GUESTS, 'every mail left')
  t.ok(stored.every(({ sentCount }) => sentCount === 1))
  t.ok(sendgrid.doubled().length <= 2 * IN_FLIGHT, `${sendgrid.doubled().length} mails left twice`)
})

t.test('a process whose database was killed and removed under it ends', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-test-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const { ended, log } = await startProcess(t, {
    VESTIBULE_DATA_DIR: dataDir,
    PORT: '0',
    VESTIBULE_TLS_PORT: '0',
  })
  await killPostgres(dataDir)
  // What is left of the killed server, and the attempts to start it again, may still write while the files go.
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  const code = await Promise.race([ended, sleep(60_000, 'it still runs', { ref: false })])
  t.equal(code, 1, log().slice(-2_000))
  const left = await readdir(dataDir).catch((): string[] => [])
  t.notOk(left.includes('postgres'), 'no empty database has taken its place')
})

/** kill -9 of the server; its own processes notice and end. */
async function killPostgres(dataDir: string): Promise<void> {
  const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined)
  const pid = Number(file?.split('\n', 1)[0])
  try {
    if (pid > 0) process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already: the file of the last one is still there.
  }
}
