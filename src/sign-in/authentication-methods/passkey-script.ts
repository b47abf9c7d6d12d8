import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../platform/package-root.js'

export type Script = {
  /** Where it is served: the name changes with its content, so it can be cached for good. */
  path: string
  body: string
}

let loaded: Script | undefined

/** The script of the passkey page, read from the package once per process. Browsers run it as it is written. */
export function passkeyScript(): Script {
  loaded ??= load()
  return loaded
}

function load(): Script {
  // The compiler copies no scripts for browsers, so the one in `src` also serves the code in `dist`.
  const body = readFileSync(join(packageRoot, 'src/sign-in/authentication-methods/pages/passkey.browser.js'), 'utf8')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/assets/passkey-${hash}.js`, body }
}
