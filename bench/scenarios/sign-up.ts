import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import type { BarePagesOrder } from '../support/bare-pages.js'
import { atEnd, freePort, runWorker, stop, watch } from '../support/processes.js'
import type { Scenario } from '../support/scenario.js'
import { SECRET, startProcess } from '../support/service.js'
import type { SignUpOrder, SignUpResult } from '../support/sign-up-worker.js'
import { latencies, median } from '../support/statistics.js'
import { createWorld, fetchToken, type World } from '../support/tenant.js'

const CONNECTIONS = 32
/** As large as the form with ten questions. */
const PAGE_BYTES = 6_500
const FLOW = 'B2X_1_Benchmark'
/** Graph's built-in attributes and one more property: ten answers. */
const QUESTIONS = [
  'displayName',
  'givenName',
  'surname',
  'city',
  'country',
  'postalCode',
  'state',
  'streetAddress',
  'jobTitle',
  'companyName',
]

/**
 * Whole sign-ups with a passcode, two connectors that answer at once and ten answers, six requests each, against as many
 * bare pages and inserts. Each visitor has a client address of its own, told by a trusted proxy. Generator, connectors,
 * service and PostgreSQL share the machine on both sides; the bare side asks no connectors.
 */
export const signUp: Scenario = {
  name: 'sign-up',
  title: 'Self-service sign-up',
  async run({ engines, isQuick, say }) {
    const world = await createWorld(engines, 'sign_up')
    const service = await startProcess({
      ...world.env,
      VESTIBULE_ROLES: 'api',
      VESTIBULE_TRUSTED_PROXIES: '127.0.0.0/8',
      VESTIBULE_EGRESS_ALLOW: '127.0.0.1',
    })
    const databaseUrl = engines.adminUrlOf(world.database)
    const connectorPort = await freePort()
    await setUp(world, databaseUrl, await createConnector(service.port, world, connectorPort))
    const barePort = await startBarePages(databaseUrl)
    let visitors = 0
    const run = async (port: number, isOurs: boolean, seconds: number) => {
      const order: SignUpOrder = {
        port,
        ...(isOurs && { databaseUrl }),
        secret: SECRET,
        tenantId: world.tenantId,
        path: isOurs ? `/${world.tenantId}/signup/${FLOW}` : '/',
        flowId: FLOW,
        answers: QUESTIONS.map((name) => `${name}=Some+words+of+an+answer`).join('&'),
        connectorPort,
        connections: CONNECTIONS,
        seconds,
        firstVisitor: visitors,
      }
      visitors += 1_000_000
      return runWorker<SignUpResult>(new URL('../support/sign-up-worker.ts', import.meta.url), order)
    }
    const rateOf = ({ count, seconds }: SignUpResult) => count / seconds
    await run(service.port, true, 1)
    const rounds: { bare: SignUpResult; ours: SignUpResult }[] = []
    for (let turn = 0; turn < (isQuick ? 1 : 3); turn++) {
      const bare = await run(barePort, false, isQuick ? 2 : 4)
      const ours = await run(service.port, true, isQuick ? 3 : 6)
      rounds.push({ bare, ours })
      say(`bare ${rateOf(bare).toFixed(0)}/s, signed up ${rateOf(ours).toFixed(0)}/s`)
    }
    await service.stop()
    const spread = latencies(rounds.flatMap(({ ours }) => ours.milliseconds))
    return [
      {
        what: 'of as many bare pages and inserts',
        value: median(rounds.map(({ bare, ours }) => rateOf(ours) / rateOf(bare))),
        unit: '',
      },
      { what: 'sign-ups', value: median(rounds.map(({ ours }) => rateOf(ours))), unit: '/s' },
      { what: 'bare pages and inserts, by six', value: median(rounds.map(({ bare }) => rateOf(bare))), unit: '/s' },
      { what: 'p50 of the whole way', value: spread.p50, unit: 'ms' },
      { what: 'p99 of the whole way', value: spread.p99, unit: 'ms' },
      {
        what: 'calls of connectors for each',
        value: median(rounds.map(({ ours }) => ours.asked / ours.count)),
        unit: '',
      },
    ]
  },
}

async function createConnector(port: number, world: World, connectorPort: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/v1.0/identity/apiConnectors`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await fetchToken(port, world)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      displayName: 'At once',
      targetUrl: `http://127.0.0.1:${connectorPort}/`,
      authenticationConfiguration: {
        '@odata.type': '#microsoft.graph.basicAuthentication',
        username: 'vestibule',
        password: 'open sesame',
      },
    }),
  })
  if (response.status !== 201) throw new Error(`the connector was not made: ${await response.text()}`)
  return ((await response.json()) as { id: string }).id
}

/** The flow, as its administrator would leave it, without limits. */
async function setUp({ tenantId }: World, databaseUrl: string, connectorId: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  const [flow] = await sql<{ id: string }[]>`
    insert into user_flows (tenant_id, id, name, name_folded, default_language, post_federation_signup,
      post_attribute_collection, created_date_time)
    values (${tenantId}, gen_random_uuid(), ${FLOW}, ${FLOW.toLowerCase()}, 'en', ${connectorId}, ${connectorId}, now())
    returning id`
  if (!flow) throw new Error('the flow was not made')
  await sql`insert into user_flow_providers (tenant_id, flow_id, provider_id, position)
    values (${tenantId}, ${flow.id}, 'EmailOtpSignup-OAUTH', 0)`
  for (const [position, name] of QUESTIONS.entries()) {
    await sql`insert into user_flow_assignments (tenant_id, flow_id, attribute_id, id, position, is_optional,
      requires_verification, user_input_type)
      values (${tenantId}, ${flow.id}, ${name}, gen_random_uuid(), ${position}, false, false, 'textBox')`
  }
  await sql`insert into tenant_policies (tenant_id, authentication_flows)
    values (${tenantId}, '{"selfServiceSignUp": {"isEnabled": true}}')
    on conflict (tenant_id) do update set authentication_flows = excluded.authentication_flows`
  await sql`update tenants set version = version + 1, settings = settings || '{"signUpsPerFlowAndHour": null}'
    where id = ${tenantId}`
  await sql`select pg_notify('vestibule_security', ${tenantId})`
  await sql.end()
}

async function startBarePages(databaseUrl: string): Promise<number> {
  const port = await freePort()
  const module = fileURLToPath(new URL('../support/bare-pages.ts', import.meta.url))
  const child = watch(fork(module, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }))
  atEnd(() => stop(child))
  child.send({ port, databaseUrl, pageBytes: PAGE_BYTES } satisfies BarePagesOrder)
  await new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`the bare pages ended with ${code}`)))
  })
  return port
}
