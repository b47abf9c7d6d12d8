import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import { constants, Script } from 'node:vm'

/** The sources, as one script that `compile.js` made; tests and programs ask it for what they import. */
const file = join(import.meta.dirname, '../../dist/tests/bundle.cjs')
const cacheFile = `${file}.cache`

const script = new Script(`(function (module, require) {${readFileSync(file, 'latin1')}\n})`, {
  filename: file,
  ...cached(),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
})
// Node reads the source map of what its own loader compiles, so that is an empty module of the same name.
const map = new Module(file)
map._compile(`//# sourceMappingURL=${file}.map`, file)
script.runInThisContext()(map, createRequire(file))

/**
 * What a source or a package exports; it runs when it is first asked for.
 * @param {string} name a path from the root of the repository, or a package
 */
export function part(name) {
  return map.exports[name]()
}

// Asked to by `start-engines.ts`: the compiled form of all functions that were called, for the processes that come.
if (process.argv.includes('--keep-compiled')) process.on('exit', keepCompiled)

function keepCompiled() {
  writeFileSync(`${cacheFile}.${process.pid}`, script.createCachedData())
  renameSync(`${cacheFile}.${process.pid}`, cacheFile)
}

function cached() {
  try {
    return { cachedData: readFileSync(cacheFile) }
  } catch {
    return {}
  }
}
