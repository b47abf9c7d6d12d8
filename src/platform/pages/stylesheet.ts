import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../package-root.js'

export type Stylesheet = {
  /** Where it is served: the name changes with its content, so it can be cached for good. */
  path: string
  body: string
}

let loaded: Stylesheet | undefined

/** The one stylesheet of all pages, read from the package once per process, without comments and what only the eye needs. */
export function stylesheet(): Stylesheet {
  loaded ??= load()
  return loaded
}

function load(): Stylesheet {
  // The compiler copies no stylesheets, so the one in `src` also serves the code in `dist`.
  const source = readFileSync(join(packageRoot, 'src/platform/pages/pages.css'), 'utf8')
  const body = source
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s*\n\s*/g, ' ')
    // No text in it holds one of these.
    .replace(/ *([{};]) */g, '$1')
    .replaceAll(';}', '}')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { path: `/assets/pages-${hash}.css`, body }
}
