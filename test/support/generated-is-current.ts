import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { generateDrizzleJson } from 'drizzle-kit/api'
import { coverageOf } from '../../src/coverage.js'
import { describeApi } from '../../src/openapi.js'
import { packageRoot } from '../../src/platform/package-root.js'

/** Part of `npm run lint`: what is generated and committed must be what the code generates now. */
const stale: string[] = []

const api = await describeApi()
if ((await readText('openapi/vestibule.json')) !== `${JSON.stringify(api, null, 2)}\n`) {
  stale.push('openapi/vestibule.json is not what the routes say: npm run openapi')
}
const contract: object = JSON.parse(await readText('openapi/graph-v1.0-subset.json'))
if ((await readText('docs/graph-coverage.md')) !== coverageOf(api, contract)) {
  stale.push('docs/graph-coverage.md is not what the routes say: npm run openapi')
}
if (!isDeepStrictEqual(await committedTables(), await presentTables())) {
  stale.push('drizzle/ is not what the tables say: npm run db:generate')
}
for (const line of stale) console.error(line)
process.exit(stale.length === 0 ? 0 : 1)

/** The tables as the newest migration leaves them. */
async function committedTables(): Promise<object> {
  const snapshots = (await readdir(join(packageRoot, 'drizzle/meta'))).filter((name) => name.endsWith('_snapshot.json'))
  return withoutIds(JSON.parse(await readText(`drizzle/meta/${snapshots.sort().at(-1)}`)))
}

async function presentTables(): Promise<object> {
  const names = await readdir(join(packageRoot, 'src'), { recursive: true })
  const files = names.filter((name) => name.endsWith('/tables.ts')).sort()
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(packageRoot, 'src', file)).href)))
  return withoutIds(JSON.parse(JSON.stringify(generateDrizzleJson(Object.assign({}, ...modules)))))
}

/** Each snapshot names itself and its parent at random. */
function withoutIds({ id: _id, prevId: _prevId, ...tables }: { id: string; prevId: string }): object {
  return tables
}

async function readText(file: string): Promise<string> {
  return readFile(join(packageRoot, file), 'utf8').catch(() => '')
}
