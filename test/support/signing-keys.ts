import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { uuidv7 } from '../../src/kernel/ids.js'
import { signingKeys } from '../../src/provider/tables.js'
import type { Services } from '../../src/services.js'
import { enginesDir } from './engines-state.js'

const file = join(enginesDir, 'signing-keys.json')
const COUNT = 8

let made: Promise<JWK[]> | undefined
let given = process.pid

/** Makes the keys that the organizations of a whole run share: making one takes longer than most tests. */
export async function makeSigningKeys(): Promise<void> {
  const pairs = await Promise.all(Array.from({ length: COUNT }, () => generateKeyPair('RS256', { extractable: true })))
  await writeFile(file, JSON.stringify(await Promise.all(pairs.map(({ privateKey }) => exportJWK(privateKey)))))
}

/** Gives an organization its first key, another one than the organizations before it in this process have. */
export async function giveSigningKey({ keys, database, clock }: Services, tenantId: string): Promise<void> {
  made ??= readFile(file, 'utf8').then(JSON.parse)
  const key = (await made)[given++ % COUNT]
  const createdAt = clock()
  const kid = uuidv7(createdAt.getTime())
  const jwk = Buffer.from(JSON.stringify({ ...key, kid, alg: 'RS256', use: 'sig' }))
  const privateKeySealed = keys.seal('signing-key', jwk)
  await database.orm.insert(signingKeys).values({ tenantId, kid, privateKeySealed, createdAt, retiredAt: null })
}
