import storage from 'oidc-provider/lib/helpers/als.js'

let underWay = 0

/**
 * Runs one exchange of the library and switches its AsyncLocalStorage off when no other is under way. On Node 20 a
 * storage that was used once makes every promise of the process dearer for good, and the library asks its own only for
 * client id metadata documents, which we do not offer.
 */
export async function quietly(exchange: () => Promise<void>): Promise<void> {
  underWay += 1
  try {
    await exchange()
  } finally {
    underWay -= 1
    if (underWay === 0) storage.disable()
  }
}
