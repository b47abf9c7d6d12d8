import { join } from 'node:path'
import { packageRoot } from '../../src/platform/package-root.js'

const compiled = join(packageRoot, 'dist/tests')
/** Whether `compile.js` made what runs now; else it is tsx. */
export const isCompiled = process.argv[1]?.startsWith(compiled) ?? false

/**
 * Node's arguments for a source of ours in a process of its own: compiled when this one is (`compile.js`), else by tsx.
 * @param path from the root of the repository
 */
export function programOf(path: string): string[] {
  return isCompiled
    ? ['--enable-source-maps', join(compiled, path.replace(/\.tsx?$/, '.js'))]
    : ['--import', 'tsx', join(packageRoot, path)]
}
