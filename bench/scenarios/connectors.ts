import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { HttpConnection } from '../support/http-connection.js'
import { type LoadResult, load } from '../support/load.js'
import { atEnd } from '../support/processes.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { latencies, median } from '../support/statistics.js'
import { addOrganization, createWorld, fetchToken } from '../support/tenant.js'

/** Calls of one organization that wait for its connector, which never answers. */
const WAITING = 10_000
/** A listener takes 10,000 connections, and others need some. */
const PROCESSES = 2
const CONNECTIONS = 32
/** Calls that the connector has at once, at most: 128 of an organization and process. */
const KEPT = 128 * PROCESSES
/** Ten thousand requests have just come, which is work whatever they are for; what is measured is their waiting. */
const SETTLE_MS = 2_500
/** Connections that are opened at once. */
const AT_ONCE = 250

/** Invitations of one organization while thousands of calls of another wait for a connector that hangs. */
export const connectors: Scenario = {
  name: 'connectors',
  title: 'A connector that hangs',
  async run(bench) {
    const world = await createWorld(bench.engines, 'connectors')
    const other = await addOrganization(world, 'fabrikam.example')
    const hanging = await startHanging()
    const env = {
      ...world.env,
      VESTIBULE_ROLES: 'api',
      VESTIBULE_EGRESS_ALLOW: '127.0.0.1',
      // One deployment: a token of one process is good at the other.
      VESTIBULE_PUBLIC_URL: 'http://localhost:3000',
    }
    const services = []
    for (let n = 0; n < PROCESSES; n++) services.push(await startProcess(env))
    const ports = services.map(({ port }) => port)
    const [first = 0] = ports
    const [token, own] = [await fetchToken(first, world), await fetchToken(first, other)]
    const create = () => load({ ports, token: own, connections: CONNECTIONS, mailEvery: 0, seconds: 6 })

    await create()
    const rounds: Round[] = []
    for (let round = 0; round < (bench.isQuick ? 3 : 5); round++) {
      const alone = await create()
      const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`
      const wave = await startWave(ports, token, await createConnector(first, token, url))
      const beside = await create()
      const answered = wave.answered()
      await wave.end()
      bench.say(
        `alone ${rateOf(alone).toFixed(0)}/s, beside ${WAITING - answered} waiting ${rateOf(beside).toFixed(0)}/s`,
      )
      rounds.push({ alone, beside, answered })
    }
    for (const service of services) await service.stop()
    return figuresOf(rounds)
  },
}

type Round = { alone: LoadResult; beside: LoadResult; answered: number }

const rateOf = ({ count, seconds }: LoadResult) => count / seconds

function figuresOf(rounds: Round[]): Figure[] {
  const times = (which: 'alone' | 'beside') => latencies(rounds.flatMap((round) => round[which].milliseconds))
  const waiting = Math.min(...rounds.map(({ answered }) => WAITING - answered))
  return [
    {
      what: 'invitations of others, of the same without anybody waiting',
      value: median(rounds.map(({ alone, beside }) => rateOf(beside) / rateOf(alone))),
      unit: '',
      must: { atLeast: 0.9 },
    },
    { what: 'calls that waited all the while', value: waiting, unit: '', must: { atLeast: WAITING } },
    { what: 'p50 alone', value: times('alone').p50, unit: 'ms' },
    { what: 'p50 beside', value: times('beside').p50, unit: 'ms' },
    { what: 'p99 alone', value: times('alone').p99, unit: 'ms' },
    { what: 'p99 beside', value: times('beside').p99, unit: 'ms' },
  ]
}

/** A connector that takes every request and answers none. */
async function startHanging(): Promise<Server> {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(async () => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

async function createConnector(port: number, token: string, targetUrl: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1.0/identity/apiConnectors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      displayName: 'Hangs',
      targetUrl,
      authenticationConfiguration: { '@odata.type': '#vestibule.bearerAuthentication', token: 'a secret' },
    }),
  })
  if (response.status !== 201) throw new Error(`no connector: ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

/** Calls of the connector by the way that a sign-up takes, one a connection. Resolves when all of them wait. */
async function startWave(ports: number[], token: string, id: string) {
  const body = JSON.stringify({ claims: { email: 'ana@partner.example' } })
  let answered = 0
  const connections: HttpConnection[] = []
  for (let n = 0; n < WAITING; n++) {
    const port = ports[n % ports.length] ?? 0
    const connection = new HttpConnection('127.0.0.1', port)
    connections.push(connection)
    const head = [
      `POST /v1.0/identity/apiConnectors/${id}/test HTTP/1.1`,
      `host: localhost:${port}`,
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ]
    void connection.send(`${head.join('\r\n')}\r\n\r\n${body}`).then(() => {
      answered += 1
    })
    if (n % AT_ONCE === AT_ONCE - 1) await Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/healthz`)))
  }
  await sleep(SETTLE_MS)
  return {
    answered: () => answered,
    /** Waits until all have been told that the connector is slow, but for those that it keeps. */
    async end() {
      while (answered < WAITING - KEPT) await sleep(50)
      for (const connection of connections) connection.close()
    },
  }
}
