import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeApi } from '../openapi.js'
import { packageRoot } from '../platform/package-root.js'

// `npm run openapi`: for whoever changed a route or a schema; not a verb of the installed command.
await writeFile(join(packageRoot, 'openapi/vestibule.json'), `${JSON.stringify(await describeApi(), null, 2)}\n`)
