import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { coverageOf } from '../coverage.js'
import { describeApi } from '../openapi.js'
import { packageRoot } from '../platform/package-root.js'

// `npm run openapi`: for whoever changed a route or a schema; not a verb of the installed command.
const api = await describeApi()
const contract: object = JSON.parse(await readFile(join(packageRoot, 'openapi/graph-v1.0-subset.json'), 'utf8'))
await writeFile(join(packageRoot, 'openapi/vestibule.json'), `${JSON.stringify(api, null, 2)}\n`)
await writeFile(join(packageRoot, 'docs/graph-coverage.md'), coverageOf(api, contract))
