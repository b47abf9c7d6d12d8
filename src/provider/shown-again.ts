import Provider from 'oidc-provider'
import { uuidv7 } from '../kernel/ids.js'
import type { Instant } from '../kernel/instant.js'
import { clientNetwork } from '../platform/client-network.js'
import type { Database } from '../platform/database.js'
import { type Exchange, exchangeOf } from './exchange.js'
import { refreshSignInLine, type SignInLine } from './sign-in-line.js'
import { endReusedState } from './store.js'

type Needs = { database: Pick<Database, 'sql'>; clock: () => Instant }

/**
 * Takes away what this request to the token endpoint shows if it was used up before, with the line of the sign-in log that
 * says so; once for a request. Undefined when it was not.
 */
export function endShownAgain(needs: Needs, exchange: Exchange): Promise<void> | undefined {
  const { pending, ahead } = exchange
  const { shown } = ahead ?? {}
  if (!pending || shown?.payload?.['consumed'] === undefined) return undefined
  exchange.ending ??= endReused(needs, exchange, shown)
  return exchange.ending
}

async function endReused(
  { database, clock }: Needs,
  { tenant, from }: Exchange,
  { model, id }: { model: string; id: string },
): Promise<void> {
  const line = await refreshLine(id)
  const now = clock()
  await endReusedState(database.sql, tenant.id, now, {
    model,
    id,
    countId: uuidv7(now.getTime()),
    network: `reuse ${clientNetwork(from)}`,
    line: line && { ...line, outcome: model === 'RefreshToken' ? 'reused' : 'codeReused' },
  })
}

/** The line of what an application shows: nobody was asked for anything (Graph: nonInteractiveUser). */
export async function refreshLine(keptAs: string): Promise<SignInLine | undefined> {
  const ctx = Provider.ctx
  const { ahead, accounts } = exchangeOf(ctx?.req)
  const accountId = ahead?.shown?.id === keptAs ? ahead.shown.payload?.['accountId'] : undefined
  if (!ctx || typeof accountId !== 'string') return undefined
  const account = await accounts.get(accountId)
  return account && refreshSignInLine(ctx, account)
}
