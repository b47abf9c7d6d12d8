import { remindOfEnds } from '../src/access-end/index.js'
import { reactions, resources } from '../src/app.js'
import { purgeAudit } from '../src/audit/index.js'
import { adoptObjects, purgeDeleted, removeEndedGuests, removeNeverRedeemed } from '../src/directory/index.js'
import { indexWords } from '../src/graph/search/index-words.js'
import { expireInvitations, purgeMails } from '../src/invitations/index.js'
import { sweepSubscriptions } from '../src/notifications/index.js'
import { inBites } from '../src/platform/bites.js'
import { forgetRemovals } from '../src/platform/changes/store.js'
import { purgeKeys } from '../src/platform/idempotency/store.js'
import type { QueueWorker } from '../src/platform/queue.js'
import { sweepProviderState } from '../src/provider/index.js'
import type { Services } from '../src/services.js'
import { purgeEnded, purgeFlows, purgeSignIns, rollCertificatesOver, sealHomesAnew } from '../src/sign-in/index.js'
import { forEachTenant } from '../src/tenants/index.js'
import { lapseRequests, purgeRuns, sealConnectorsAnew } from '../src/user-flows/index.js'

const EXPIRE_EVERY_MS = 30_000
const LAPSE_EVERY_MS = 60_000
const SUBSCRIPTIONS_EVERY_MS = 60_000
const SWEEP_EVERY_MS = 15 * 60_000
/** Searches look at what waits themselves, so this is how much each of them has to look at. */
const INDEX_EVERY_MS = 2_000
const ROWS = 1_000
/** Of texts that one statement takes: it writes several entries for each, and others wait while their log is flushed. */
const TEXTS = 200

/** Work by the clock. Each runs in one process of all, and only tidies up: validity never waits for it. */
export function startSchedules(services: Services): Promise<QueueWorker[]> {
  return Promise.all([
    services.queues.schedule('expire-invitations', EXPIRE_EVERY_MS, async () => {
      const count = await expireInvitations({ ...services, database: services.background })
      if (count > 0) services.log.info({ count }, 'invitations expired')
    }),
    services.queues.schedule('lapse-sign-ups', LAPSE_EVERY_MS, async () => {
      const count = await lapseRequests({ ...services, database: services.background })
      if (count > 0) services.log.info({ count }, 'sign-up requests lapsed')
    }),
    services.queues.schedule('sweep-subscriptions', SUBSCRIPTIONS_EVERY_MS, () => sweepSubscriptions(services)),
    services.queues.schedule('index-words', INDEX_EVERY_MS, () => indexTexts(services)),
    services.queues.schedule('sweep', SWEEP_EVERY_MS, () => sweep(services)),
  ])
}

async function indexTexts({ database }: Services): Promise<void> {
  await forEachTenant(database.orm, async (tenantId) => {
    for (const resource of resources) {
      await inBites(TEXTS, () => database.withTenant(tenantId, (scope) => indexWords(scope, resource, TEXTS)))
    }
  })
}

async function sweep(services: Services): Promise<void> {
  const { background: database, clock, keys, tenants } = services
  await sweepProviderState({ database, clock })
  await forEachTenant(database.orm, async (tenantId) => {
    while ((await purgeEnded(database.sql, tenantId, clock(), ROWS)) >= ROWS);
    while ((await purgeRuns(database.sql, tenantId, clock(), ROWS)) >= ROWS);
    while ((await database.withTenant(tenantId, (scope) => purgeFlows(scope, clock(), ROWS))) >= ROWS);
    while ((await database.withTenant(tenantId, (scope) => purgeKeys(scope, clock(), ROWS))) >= ROWS);
    while ((await database.withTenant(tenantId, (scope) => forgetRemovals(scope, clock(), ROWS))) >= ROWS);
    await adoptObjects(database, tenantId)
    await purgeMails({ database, clock }, tenantId)
    await rollCertificatesOver({ ...services, database }, tenantId)
    await database.withTenant(tenantId, (scope) => sealConnectorsAnew(scope, keys))
    await database.withTenant(tenantId, (scope) => sealHomesAnew(scope, keys))
    const tenant = await tenants.find(tenantId)
    if (tenant) await purgeAudit({ database, clock }, tenant)
    if (tenant) await purgeSignIns({ database, clock }, tenant)
  })
  const purged = await purgeDeleted({ ...services, database, ...reactions })
  if (purged > 0) services.log.info({ count: purged }, 'objects deleted more than 30 days ago were removed for good')
  const removed = await removeNeverRedeemed({ ...services, database, ...reactions })
  if (removed > 0) services.log.info({ count: removed }, 'guests who never accepted were deleted')
  await remindOfEnds({ ...services, database })
  const ended = await removeEndedGuests({ ...services, database, ...reactions })
  if (ended > 0) services.log.info({ count: ended }, 'guests whose access had ended were deleted')
  if (purged + removed + ended > 0) await forEachTenant(database.orm, async (tenantId) => services.changed(tenantId))
}
