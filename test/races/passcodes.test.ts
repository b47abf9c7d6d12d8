import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createPasscodeWriter, type SendOutcome } from '../../src/sign-in/index.js'
import { startService } from '../support/service.js'

const PROCESSES = 4
const EACH = 25

// Seen to fail with the client network taken out of the locks of `sign_in_passcodes_send` (src/sign-in/functions.sql):
// statements that counted at the same time let more than sixty through.
t.test(
  'a burst from one client network, spread over processes, gets sixty codes an hour and not one more',
  async (t) => {
    const { services, tenantId, rows } = await startService(t, { workers: false })
    const { database, clock, newId } = services
    const processes = Array.from({ length: PROCESSES }, () => createPasscodeWriter(database.sql))
    const ask = (process: number, turn: number, client: string): Promise<SendOutcome> | undefined => {
      const address = `guest${process}-${turn}@${client}.example`
      return processes[process]?.(tenantId, {
        now: clock(),
        id: newId(),
        browser: randomBytes(32),
        subject: 'blocks',
        address,
        folded: address,
        language: 'en',
        codeHash: randomBytes(32),
        client,
      })
    }
    const asked = (client: string) =>
      Array.from({ length: PROCESSES * EACH }, (_, index) =>
        ask(index % PROCESSES, Math.floor(index / PROCESSES), client),
      )

    // Three networks at once, so that statements hold locks that others want.
    const clients = ['203.0.113.7', '203.0.113.8', '203.0.113.9']
    const outcomes = await Promise.all(clients.map((client) => Promise.all(asked(client))))
    for (const [index, client] of clients.entries()) {
      const told = outcomes[index]?.map((outcome) => outcome?.outcome)
      t.equal(told?.filter((outcome) => outcome === 'sent').length, 60)
      t.equal(told?.filter((outcome) => outcome === 'limited').length, PROCESSES * EACH - 60)
      const [kept] = await rows(`select count(*)::int as n from passcodes where client_address = '${client}'`)
      t.equal(kept?.['n'], 60)
    }
  },
)

t.test('a burst for one address gets one code', async (t) => {
  const { services, tenantId } = await startService(t, { workers: false })
  const { database, clock, newId } = services
  const processes = Array.from({ length: PROCESSES }, () => createPasscodeWriter(database.sql))
  const outcomes = await Promise.all(
    Array.from({ length: PROCESSES * EACH }, (_, index) =>
      processes[index % PROCESSES]?.(tenantId, {
        now: clock(),
        id: newId(),
        browser: randomBytes(32),
        subject: 'blocks',
        address: 'ana@partner.example',
        folded: 'ana@partner.example',
        language: 'en',
        codeHash: randomBytes(32),
        client: `203.0.113.${index}`,
      }),
    ),
  )
  t.equal(outcomes.filter((outcome) => outcome?.outcome === 'sent').length, 1)
})
