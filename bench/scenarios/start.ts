import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directory } from '../support/engines.js'
import { load } from '../support/load.js'
import type { Scenario } from '../support/scenario.js'
import { type ServiceProcess, startProcess } from '../support/service.js'
import { median } from '../support/statistics.js'
import { fetchToken, type World } from '../support/tenant.js'

/**
 * From the start of the process, on the embedded PostgreSQL, to the first 201: database, migrations, listeners,
 * workers, a token by client credentials and the invitation. The build is done before.
 */
export const start: Scenario = {
  name: 'start',
  title: 'Start to first 201',
  async run({ engines, isQuick, say }) {
    const firsts: number[] = []
    const again: number[] = []
    for (let round = 0; round < (isQuick ? 1 : 2); round++) {
      const dataDir = await directory(engines, `data-${round}`)
      const first = await startToFirst(dataDir)
      firsts.push(first.seconds)
      await load({
        ports: [first.service.port],
        token: first.token,
        connections: 16,
        mailEvery: 0,
        most: isQuick ? 1_000 : 10_000,
      })
      await first.service.stop()
      for (let turn = 0; turn < 2; turn++) {
        const next = await startToFirst(dataDir)
        again.push(next.seconds)
        await next.service.stop()
      }
      say(
        `first ever ${first.seconds.toFixed(2)} s, then ${again
          .slice(-2)
          .map((s) => s.toFixed(2))
          .join(' and ')} s`,
      )
    }
    return [
      { what: 'with existing data', value: median(again), unit: 's', must: { atMost: 3 } },
      { what: 'first ever', value: Math.max(...firsts), unit: 's', must: { atMost: 10 } },
    ]
  },
}

async function startToFirst(dataDir: string): Promise<{ seconds: number; service: ServiceProcess; token: string }> {
  const began = performance.now()
  const service = await startEmbedded(dataDir)
  const world: World = JSON.parse(await readFile(join(dataDir, 'bootstrap.json'), 'utf8'))
  const token = await fetchToken(service.port, world)
  const answer = await fetch(`http://127.0.0.1:${service.port}/v1.0/invitations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      invitedUserEmailAddress: `first${Math.random()}@partner.example`,
      inviteRedirectUrl: 'https://app.example/welcome',
    }),
  })
  const seconds = (performance.now() - began) / 1_000
  if (answer.status !== 201) throw new Error(`the first invitation answered ${answer.status}: ${await answer.text()}`)
  return { seconds, service, token }
}

/** The service as `npm start` runs it: no database, no Redis, both roles. */
export function startEmbedded(dataDir: string): Promise<ServiceProcess> {
  return startProcess({ VESTIBULE_DATA_DIR: dataDir, VESTIBULE_TLS_PORT: '0' })
}
