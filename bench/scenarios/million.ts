import type postgres from 'postgres'
import { HttpConnection } from '../support/http-connection.js'
import { cameAt, DEPARTMENTS, GIVEN_NAMES, insertPeople, mailOf, RARE, SURNAMES } from '../support/people.js'
import type { Figure, Scenario } from '../support/scenario.js'
import { startProcess } from '../support/service.js'
import { latencies } from '../support/statistics.js'
import { addOrganization, createWorld, fetchToken, type World } from '../support/tenant.js'

const SMALL = 10_000
const LARGE = 1_000_000
const LARGE_WHEN_QUICK = 100_000
/** The page whose depth is measured, and how many users a page has. */
const DEEP_PAGE = 5_000
const PAGE = 100
const CHANGES = 100

/** One organization and a way to ask the service about it; answers are checked and timed. */
type Directory = { world: World; count: number; ask(path: string, headers?: string): Promise<Answer> }
type Answer = { milliseconds: number; body: { value: { id: string }[]; [link: string]: unknown } }
type Samples = { large: number[]; small: number[] }

/** What is asked of both organizations. `n` is another one each time; `found` is how many users answer it. */
type Question = { what: string; path(n: number, count: number): string; headers?: string; found?: number }

const EVENTUAL = 'consistencylevel: eventual\r\n'
const search = (text: string) => `$search=${encodeURIComponent(text)}`
const filter = (text: string) => `$filter=${encodeURIComponent(text)}`
const given = (n: number) => GIVEN_NAMES[n % GIVEN_NAMES.length] ?? ''
const surname = (n: number) => SURNAMES[Math.floor(n / 10) % SURNAMES.length] ?? ''

const questions: Question[] = [
  { what: 'mail eq', path: (n, count) => filter(`mail eq '${mailOf((n * 7_919) % count)}'`), found: 1 },
  { what: 'startsWith displayName', path: (n) => filter(`startsWith(displayName,'${given(n)} ${surname(n)}')`) },
  { what: 'department eq', path: (n) => filter(`department eq 'Department ${1 + (n % DEPARTMENTS)}'`) },
  {
    what: 'userType and createdDateTime ge',
    path: (n, count) =>
      filter(`userType eq 'Guest' and createdDateTime ge ${cameAt(count - RARE - (n % RARE)).toISOString()}`),
  },
  { what: "userType eq 'Member'", path: () => filter("userType eq 'Member'") },
  { what: "externalUserState eq 'Accepted'", path: () => filter("externalUserState eq 'Accepted'") },
  { what: 'search of one word', path: (n) => search(`"displayName:${given(n)}"`), headers: EVENTUAL },
  { what: 'search of two words', path: (n) => search(`"displayName:${given(n)} ${surname(n)}"`), headers: EVENTUAL },
  {
    what: 'search and filter',
    path: (n) => `${search(`"displayName:${given(n)}"`)}&${filter("userType eq 'Guest'")}`,
    headers: EVENTUAL,
  },
  { what: 'in the order of names', path: () => '$orderby=displayName' },
  { what: 'without a question', path: () => '$select=id,displayName,mail' },
]

/** What is paged deeply. Both must have more rows than that. */
const lists: Question[] = [
  { what: 'everybody', path: () => '' },
  { what: 'in the order of names', path: () => '$orderby=displayName' },
  { what: 'under a filter', path: () => filter("userType eq 'Guest'") },
]

const counted: Question[] = [
  { what: "userType eq 'Guest'", path: () => filter("userType eq 'Guest'") },
  { what: 'startsWith displayName', path: () => filter("startsWith(displayName,'Ada')") },
]

/** The directory's promise that a million users are as quick to read as ten thousand in the organization beside them. */
export const million: Scenario = {
  name: 'million',
  title: 'A directory of 1,000,000 users against one of 10,000',
  async run({ engines, isQuick, say }) {
    const count = isQuick ? LARGE_WHEN_QUICK : LARGE
    const worlds = { small: await createWorld(engines, 'million'), large: undefined as World | undefined }
    worlds.large = await addOrganization(worlds.small, 'fabrikam.example')
    const sql = engines.admin('million')
    const began = performance.now()
    await insertPeople(sql, worlds.small, SMALL)
    await insertPeople(sql, worlds.large, count)
    await sql`vacuum analyze users, search_words`
    say(`${count} and ${SMALL} users after ${((performance.now() - began) / 1_000).toFixed(0)} s`)

    const service = await startProcess({ ...worlds.small.env, VESTIBULE_ROLES: 'api' })
    const [small, large] = [
      await openDirectory(service.port, worlds.small, SMALL),
      await openDirectory(service.port, worlds.large, count),
    ]
    const turns = isQuick ? 100 : 1_000
    const figures = [
      ...(await pages(small, large, turns, say)),
      ...(await depths(large, isQuick ? 200 : DEEP_PAGE, turns / 2, say)),
      ...(await counts(large, isQuick ? 5 : 20, say)),
      ...(await changes(sql, small, large, turns / 5, say)),
    ]
    await Promise.all([service.stop(), sql.end()])
    return figures
  },
}

async function pages(small: Directory, large: Directory, turns: number, say: (text: string) => void) {
  const figures: Figure[] = []
  for (const { what, path, headers, found = PAGE } of questions) {
    const samples = await inTurns(turns, async (directory, n) => {
      const answer = await directory.ask(`/users?${path(n, directory.count)}`, headers)
      if (answer.body.value.length !== found) throw new Error(`${what}: ${answer.body.value.length} users were found`)
      return answer.milliseconds
    })({ small, large })
    figures.push(...compared(what, samples, 'p99', 1.5, say))
  }
  return figures
}

/** The same list at its first page and far inside it. */
async function depths(large: Directory, depth: number, turns: number, say: (text: string) => void) {
  const figures: Figure[] = []
  for (const { what, path } of lists) {
    const query = path(0, large.count)
    const token = await tokenAfter(large, query, (depth - 1) * PAGE)
    const times = { first: [] as number[], deep: [] as number[] }
    for (let turn = -20; turn < turns; turn++) {
      const first = await large.ask(`/users?${query}`)
      const deep = await large.ask(`/users?${query}&$skiptoken=${token}`)
      if (deep.body.value.length !== PAGE) throw new Error(`page ${depth}: ${deep.body.value.length} users`)
      if (turn < 0) continue
      times.first.push(first.milliseconds)
      times.deep.push(deep.milliseconds)
    }
    figures.push(...compared(`page ${depth}, ${what}`, { large: times.deep, small: times.first }, 'p50', 1.1, say))
  }
  return figures
}

/** `$skiptoken` of the page after so many users, taken in the largest steps. */
async function tokenAfter(directory: Directory, query: string, users: number): Promise<string> {
  let token = ''
  for (let left = users; left > 0; left -= 999) {
    const page = `$top=${Math.min(left, 999)}${token && `&$skiptoken=${token}`}`
    const { body } = await directory.ask(`/users?$select=id&${query}&${page}`)
    token = /skiptoken=([^&]+)/.exec(String(body['@odata.nextLink']))?.[1] ?? ''
    if (token === '') throw new Error(`the list ended with ${left} users to go`)
  }
  return token
}

/** What counting costs, in pages of the same filter. */
async function counts(large: Directory, turns: number, say: (text: string) => void) {
  const figures: Figure[] = []
  for (const { what, path } of counted) {
    const times = { page: [] as number[], count: [] as number[] }
    for (let turn = -2; turn < turns; turn++) {
      const page = await large.ask(`/users?${path(turn, large.count)}`)
      const count = await large.ask(`/users/$count?${path(turn, large.count)}`, EVENTUAL)
      if (turn < 0) continue
      times.page.push(page.milliseconds)
      times.count.push(count.milliseconds)
    }
    figures.push(...compared(`$count of ${what}, in pages`, { large: times.count, small: times.page }, 'p50', 100, say))
  }
  return figures
}

/** A round of delta with 100 changes. */
async function changes(
  sql: postgres.Sql,
  small: Directory,
  large: Directory,
  turns: number,
  say: (text: string) => void,
) {
  const links = new Map<Directory, string>()
  const linkOf = ({ body }: Answer) => /(\/users\/.*)$/.exec(String(body['@odata.deltaLink']))?.[1] ?? ''
  for (const directory of [small, large])
    links.set(directory, linkOf(await directory.ask('/users/delta?$deltatoken=latest')))
  const samples = await inTurns(turns, async (directory, n) => {
    await changeSome(sql, directory, n)
    const answer = await directory.ask(links.get(directory) ?? '')
    if (answer.body.value.length !== CHANGES) throw new Error(`delta told ${answer.body.value.length} changes`)
    links.set(directory, linkOf(answer))
    return answer.milliseconds
  })({ small, large })
  return compared(`delta of ${CHANGES} changes`, samples, 'p50', 1.5, say)
}

/** Changes people spread over the whole organization, in one transaction. */
async function changeSome(sql: postgres.Sql, { world, count }: Directory, n: number): Promise<void> {
  const mails = Array.from({ length: CHANGES }, (_, which) =>
    mailOf((((which * count) / CHANGES + n * 31) % count) | 0),
  )
  await sql`update users set job_title = ${`title ${n}`}
    where tenant_id = ${world.tenantId} and mail_folded = any (${mails}) and deleted_date_time is null`
}

/** Asks both so many times, in turns, so that neither has the quieter minute; the first twenty do not count. */
function inTurns(turns: number, ask: (directory: Directory, n: number) => Promise<number>) {
  return async ({ small, large }: { small: Directory; large: Directory }): Promise<Samples> => {
    const samples: Samples = { small: [], large: [] }
    for (let turn = -20; turn < turns; turn++) {
      const order = turn % 2 === 0 ? (['large', 'small'] as const) : (['small', 'large'] as const)
      for (const which of order) {
        const milliseconds = await ask(which === 'large' ? large : small, turn + 20)
        if (turn >= 0) samples[which].push(milliseconds)
      }
    }
    return samples
  }
}

function compared(
  what: string,
  samples: Samples,
  by: 'p50' | 'p99',
  atMost: number,
  say: (text: string) => void,
): Figure[] {
  const [large, small] = [latencies(samples.large), latencies(samples.small)]
  say(`${what}: ${large.p50.toFixed(1)}/${large.p99.toFixed(1)} and ${small.p50.toFixed(1)}/${small.p99.toFixed(1)} ms`)
  return [
    { what: `${what}: ${by}`, value: large[by] / small[by], unit: '', must: { atMost } },
    { what: `${what}: p50`, value: large.p50, unit: 'ms' },
    { what: `${what}: p99`, value: large.p99, unit: 'ms' },
  ]
}

async function openDirectory(port: number, world: World, count: number): Promise<Directory> {
  const connection = new HttpConnection('127.0.0.1', port)
  const token = await fetchToken(port, world)
  return {
    world,
    count,
    async ask(path, headers = '') {
      const sent = performance.now()
      const { status, body } = await connection.send(
        `GET /v1.0${path} HTTP/1.1\r\nhost: localhost:${port}\r\nauthorization: Bearer ${token}\r\n${headers}\r\n`,
      )
      const milliseconds = performance.now() - sent
      if (status !== 200) throw new Error(`${path} was refused with ${status}: ${body}`)
      return { milliseconds, body: JSON.parse(body) }
    },
  }
}
