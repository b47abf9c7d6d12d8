import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transformSync } from 'esbuild'

/**
 * Runs before the tests: takes the types off every source and test once, into `dist/tests`. A test file imports some
 * seven hundred modules, and compiling, or even only looking up what was compiled, costs each process more than the
 * rest of its start. Types are `npm run lint`'s business.
 */
const root = join(import.meta.dirname, '../..')
const target = join(root, 'dist/tests')
const folders = ['src', 'workers', 'test']

rmSync(target, { recursive: true, force: true })
for (const folder of folders) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const copy = join(target, path.slice(root.length))
    mkdirSync(dirname(copy), { recursive: true })
    const extension = extname(path)
    if (extension === '.ts' || extension === '.tsx') writeFileSync(copy.replace(/\.tsx?$/, '.js'), compiled(path))
    else if (extension === '.js') cpSync(path, copy)
  }
}

/** @param {string} path */
function compiled(path) {
  const { code } = transformSync(readFileSync(path, 'utf8'), {
    loader: path.endsWith('x') ? 'tsx' : 'ts',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'inline',
    sourcefile: path,
    // What lies beside a source (SQL, styles, fixtures) is found from where the source is.
    define: {
      'import.meta.dirname': JSON.stringify(dirname(path)),
      'import.meta.url': JSON.stringify(pathToFileURL(path).href),
    },
  })
  return code
}
