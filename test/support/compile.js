import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, transform } from 'esbuild'

/**
 * Runs before the tests: compiles every source and test once, into `dist/tests`. A test file imports some seventeen
 * hundred modules, and only looking for them costs each process more than the rest of its start. So all of them, those
 * of packages included, are parts of one script (`bundle.cjs`, see `bundle.js`), and only what is started by its name,
 * tests and programs, is a file. Types are `npm run lint`'s business.
 */
const root = join(import.meta.dirname, '../..')
const target = join(root, 'dist/tests')
/** What tests start in processes of their own. */
const programs = [
  'src/main.ts',
  'src/cli/main.ts',
  'test/contract/sdk-client.ts',
  'test/contract/sdk-directory.ts',
  'test/platform/embedded-postgres-process.ts',
  'test/provider/tls-sign-in.ts',
  'test/support/start-engines.ts',
  'test/support/stop-engines.ts',
]
/** Packages that look for files of their own, or that few tests want. */
const apart = [
  'tap',
  'playwright-core',
  'axe-core',
  'drizzle-kit',
  'samlify',
  '@azure/identity',
  '@microsoft/microsoft-graph-client',
  '@embedded-postgres/*',
]

/** Names of the parts that tests and programs ask for: paths of sources, and packages. @type {Set<string>} */
const parts = new Set()

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  external: apart,
  logLevel: 'warning',
}

rmSync(target, { recursive: true, force: true })
await compileEntries()
await compileParts()

/** Tests and programs: their imports are answered by the bundle. */
async function compileEntries() {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => `test/${name}`)
  const loader = pathToFileURL(join(import.meta.dirname, 'bundle.js')).href
  await build({
    ...common,
    entryPoints: [...programs, ...tests].map((path) => ({ in: path, out: path.replace(/\.tsx?$/, '') })),
    outdir: target,
    format: 'esm',
    sourcemap: 'inline',
    banner: { js: `import { part } from ${JSON.stringify(loader)}` },
    plugins: [
      {
        name: 'entries',
        setup(build) {
          build.onResolve({ filter: /.*/ }, async ({ path, kind, resolveDir, pluginData }) => {
            if (pluginData === 'asked') return
            if (kind === 'entry-point') return { path: join(root, path), namespace: 'entry' }
            const found = await build.resolve(path, { kind, resolveDir, pluginData: 'asked' })
            if (found.errors.length > 0 || path.startsWith('node:')) return found
            const name = path.startsWith('.') ? relative(root, found.path) : path
            parts.add(name)
            return { path: name, namespace: 'part' }
          })
          build.onLoad({ filter: /.*/, namespace: 'entry' }, async ({ path }) => ({
            contents: await placed(path),
            resolveDir: dirname(path),
          }))
          build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({
            contents: `module.exports = part(${JSON.stringify(path)})`,
          }))
        },
      },
    ],
  })
}

/** Everything else, as one script whose parts run when they are first asked for. */
async function compileParts() {
  const doors = [...parts].sort().map((name) => {
    const from = /\.tsx?$/.test(name) ? `./${name}` : name
    return `${JSON.stringify(name)}: () => require(${JSON.stringify(from)})`
  })
  await build({
    ...common,
    stdin: { contents: `module.exports = {\n${doors.join(',\n')}\n}`, resolveDir: root, sourcefile: 'parts.js' },
    outfile: join(target, 'bundle.cjs'),
    format: 'cjs',
    sourcemap: 'external',
    sourcesContent: false,
    plugins: [
      {
        name: 'parts',
        setup(build) {
          // A package that comes as module and as script too is there once, as what `import` finds.
          build.onResolve({ filter: /^[^.]/ }, ({ path, importer, resolveDir, pluginData }) =>
            importer.endsWith('parts.js') && pluginData !== 'asked'
              ? build.resolve(path, { kind: 'import-statement', resolveDir, pluginData: 'asked' })
              : undefined,
          )
          build.onLoad({ filter: /\.(?:[mc]?js|tsx?)$/ }, async ({ path }) => {
            const text = readFileSync(path, 'utf8')
            const isPlaced = /import\.meta\.|__dirname|__filename/.test(text)
            return isPlaced ? { contents: await placed(path) } : { contents: text, loader: loaderOf(path) }
          })
        },
      },
    ],
  })
  // Letters of one byte each are read, and kept, in half the time; what is left of others is in patterns and comments.
  const bundle = join(target, 'bundle.cjs')
  const escaped = (/** @type {string} */ letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace(/[^\0-\x7f]/g, escaped))
}

/**
 * A source that finds what lies beside it (SQL, styles, fixtures) from wherever it is compiled to.
 * @param {string} path
 */
async function placed(path) {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    loader: loaderOf(path),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    sourcemap: 'inline',
    sourcefile: path,
    define: {
      'import.meta.dirname': JSON.stringify(dirname(path)),
      'import.meta.url': JSON.stringify(pathToFileURL(path).href),
      __dirname: JSON.stringify(dirname(path)),
      __filename: JSON.stringify(path),
    },
  })
  return code
}

/**
 * @param {string} path
 * @returns {import('esbuild').Loader}
 */
function loaderOf(path) {
  const extension = extname(path)
  return extension === '.tsx' ? 'tsx' : extension === '.ts' ? 'ts' : 'js'
}
