import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of `package.json`: where files that are read at run time lie, whether from `src` or from `dist`. */
export const packageRoot = find(dirname(fileURLToPath(import.meta.url)))

function find(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory
  const parent = dirname(directory)
  if (parent === directory) throw new Error('package.json was not found above the running file')
  return find(parent)
}
