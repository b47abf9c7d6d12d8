import { createHash } from 'node:crypto'
import { lstat, readlink, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PORT } from './postmaster.js'

/** The shortest limit among the platforms (macOS; Linux has 107), see unix(7). */
const SOCKET_PATH_LIMIT_BYTES = 103

/**
 * The directory by which clients reach the server's socket: the database directory itself, or, where that path is too
 * long for a socket, a link to it in the temporary directory. The link's name follows from the path, so every process
 * finds the same one.
 */
export async function socketDirectory(clusterDir: string): Promise<string> {
  if (fits(clusterDir)) return clusterDir
  const digest = createHash('sha256').update(clusterDir).digest('hex').slice(0, 16)
  const base = fits(join(tmpdir(), `vestibule-${digest}-0`)) ? tmpdir() : '/tmp'
  for (let attempt = 0; attempt < 10; attempt++) {
    const link = join(base, `vestibule-${digest}-${attempt}`)
    await symlink(clusterDir, link).catch(() => {})
    if (await isOurLink(link, clusterDir)) return link
  }
  throw new Error(`${base} holds names that somebody else has taken; give a shorter VESTIBULE_DATA_DIR.`)
}

/** Removes the link, if there is one. */
export async function removeSocketDirectory(dir: string, clusterDir: string): Promise<void> {
  if (dir !== clusterDir) await rm(dir, { force: true })
}

function fits(dir: string): boolean {
  return Buffer.byteLength(join(dir, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_LIMIT_BYTES
}

/** Everybody may write to a temporary directory: a link is followed only if we made it. */
async function isOurLink(link: string, clusterDir: string): Promise<boolean> {
  const found = await lstat(link).catch(() => undefined)
  if (!found?.isSymbolicLink() || found.uid !== process.getuid?.()) return false
  return (await readlink(link).catch(() => undefined)) === clusterDir
}
