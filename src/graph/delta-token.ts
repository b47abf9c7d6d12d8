import { createHash, createHmac } from 'node:crypto'
import { DAY_MS, type Instant } from '../kernel/instant.js'
import { Refusal } from '../kernel/refusal.js'
import { isSnapshot, type Snapshot } from '../platform/changes/snapshot.js'
import { isOneOf } from '../platform/crypto.js'
import type { PagePosition } from './odata/page-token.js'

/** Milliseconds for which changes can be asked for (Graph: delta tokens of directory objects live 7 days). */
export const DELTA_TOKEN_LIFETIME_MS = 7 * DAY_MS

/** What a token of delta carries, so that its link needs no other parameter. */
export type DeltaState = {
  /** When the round began: whatever was removed since must still be remembered. Unix milliseconds. */
  startedAt: number
  select?: string[] | undefined
  ids?: string[] | undefined
  /** What the client knows already; absent in the first round. */
  since?: Snapshot | undefined
  /** Only in the middle of a round: what the round ends with, and the last row told. */
  round?: { until: Snapshot; after: PagePosition; isMinimal: boolean } | undefined
}

/** Whose changes a token is about, and in which database they were numbered. */
export type DeltaScope = { tenantId: string; path: string; cluster: string }

const MAC_BYTES = 32

/** Makes a `$deltatoken` or `$skiptoken`: the state, signed with HMAC-SHA-256 over it and its scope. */
export function encodeDeltaToken(key: Buffer, scope: DeltaScope, state: DeltaState): string {
  const { startedAt, select, ids, since, round } = state
  const payload = Buffer.from(
    JSON.stringify([
      clusterMark(scope.cluster),
      startedAt,
      select ?? null,
      ids ?? null,
      since ?? null,
      ...(round ? [round.until, round.isMinimal, ...round.after] : []),
    ]),
  )
  return Buffer.concat([mac(key, scope, payload), payload]).toString('base64url')
}

/**
 * Reads a token that `encodeDeltaToken` made with one of `keys` for the same tenant and path.
 * @throws Refusal: 400 when it is forged, altered or of something else; 410 `syncStateNotFound` when it is older than
 * 7 days or counts the transactions of another database.
 */
export function decodeDeltaToken(keys: readonly Buffer[], scope: DeltaScope, token: string, now: Instant): DeltaState {
  if (token.length > 16_384 || !/^[A-Za-z0-9_-]+$/.test(token)) throw malformed()
  const bytes = Buffer.from(token, 'base64url')
  const payload = bytes.subarray(MAC_BYTES)
  const macs = keys.map((key) => mac(key, scope, payload))
  if (bytes.length <= MAC_BYTES || !isOneOf(bytes.subarray(0, MAC_BYTES), macs)) throw malformed()
  const [mark, startedAt, select, ids, since, until, isMinimal, ...after]: [
    string,
    number,
    string[] | null,
    string[] | null,
    Snapshot | null,
    ...(string | boolean)[],
  ] = JSON.parse(payload.toString())
  if (now.getTime() - startedAt > DELTA_TOKEN_LIFETIME_MS || mark !== clusterMark(scope.cluster)) throw expired()
  return {
    startedAt,
    select: select ?? undefined,
    ids: ids ?? undefined,
    since: since ?? undefined,
    round: isSnapshot(until) ? { until, isMinimal: isMinimal === true, after } : undefined,
  }
}

/** Which database, without telling its identifiers to whoever decodes the token. */
function clusterMark(cluster: string): string {
  return createHash('sha256').update(cluster).digest('base64url').slice(0, 11)
}

function mac(key: Buffer, { tenantId, path }: DeltaScope, payload: Buffer): Buffer {
  const scope = JSON.stringify([tenantId, path])
  return createHmac('sha256', key).update(`${scope.length}:${scope}`).update(payload).digest()
}

function malformed(): Refusal {
  return new Refusal('invalid', 'deltaTokenMalformed', 'Badly formed token.', { target: '$deltatoken' })
}

function expired(): Refusal {
  const message =
    'The sync state of this token is not found: it is older than 7 days, or was made before the database was restored. Start again without a token.'
  return new Refusal('gone', 'deltaTokenExpired', message, { target: '$deltatoken', graphCode: 'syncStateNotFound' })
}
