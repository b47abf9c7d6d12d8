import { createUserReader, type ReadUser, readSubjectIn, type Subject } from './directory/index.js'
import { type CreateRow, createInvitationWriter, createMailStore, type MailStore } from './invitations/index.js'
import { uuidv7 } from './kernel/ids.js'
import { createMailboxTransport } from './mailbox/index.js'
import { type ChangeSignal, createChangeSignal, TOPIC as NOTIFICATIONS } from './notifications/index.js'
import type { Config } from './platform/config.js'
import { deriveKeys, type Keys } from './platform/crypto.js'
import { type Connection, type Database, openDatabase, type TenantScope, UNHURRIED } from './platform/database.js'
import { createEgress, type Egress } from './platform/egress/egress.js'
import { type Listener, startListener } from './platform/listener.js'
import type { Logger } from './platform/log.js'
import type { MailTransport } from './platform/mail/mail.js'
import { createSendgridTransport } from './platform/mail/sendgrid.js'
import { createSmtpTransport } from './platform/mail/smtp.js'
import { createMetrics, type Metrics } from './platform/metrics.js'
import { createOrigins, type Origins } from './platform/origins.js'
import { createWorkSignal, type WorkSignal } from './platform/outbox/relay.js'
import { openQueues, type Queues } from './platform/queue.js'
import { createStatistics, type Statistics } from './platform/statistics.js'
import { createTextSender } from './platform/text-messages/sender.js'
import type { TextSender } from './platform/text-messages/text-message.js'
import { createPolicies, type Policies, readingPolicy } from './policies/index.js'
import {
  type Authenticate,
  createAuthenticator,
  createSigningKeys,
  LOGOUTS,
  type SigningKeys,
} from './provider/index.js'
import { createRedemptionStore, type RedemptionStore } from './redemption/index.js'
import {
  createHomeRealms,
  createIdentityProviders,
  createOpenIdConnect,
  createPasscodeWriter,
  type HomeRealms,
  type IdentityProviders,
  type OpenIdConnect,
  type PasscodeWriter,
  SECURITY_MAILS,
} from './sign-in/index.js'
import { createTenants, createTxtResolver, type ResolveTxt, type Tenants } from './tenants/index.js'
import { type CallLimits, type ConnectorCalls, createConnectorCalls, SIGN_UP_MAIL } from './user-flows/index.js'

/** Topics of the outbox, each a queue with workers of its own. */
export const TOPICS = [
  'invitation.mail',
  'passcode.mail',
  'passcode.sms',
  'access.mail',
  SIGN_UP_MAIL,
  SECURITY_MAILS,
  'group.rule',
  NOTIFICATIONS,
  LOGOUTS,
]

/** Everything a process works with; each function takes the part it needs. */
export type Services = {
  config: Config
  log: Logger
  clock: () => Date
  newId: () => string
  database: Database
  /** The same database for work that nobody waits for: sweeps, and writing down what became of mails. */
  background: Database
  listener: Listener
  queues: Queues
  signal: WorkSignal
  changed: ChangeSignal
  keys: Keys
  origins: Origins
  metrics: Metrics
  transport: MailTransport
  /** Undefined when nobody sends text messages. */
  texts: TextSender | undefined
  tenants: Tenants
  policies: Policies
  signingKeys: SigningKeys
  authenticate: Authenticate
  createRow: CreateRow
  statistics: Statistics
  egress: Egress
  mailStore: MailStore
  passcodes: PasscodeWriter
  redemptions: RedemptionStore
  identityProviders: IdentityProviders
  homeRealms: HomeRealms
  openIdConnect: OpenIdConnect
  readUser: ReadUser
  connectorCalls: ConnectorCalls
  /** Texts of the TXT records of a name. */
  resolveTxt: ResolveTxt
  /** Resolves when everything is closed; safe to call twice. */
  close(): Promise<void>
}

type Options = {
  config: Config
  log: Logger
  connection: Connection
  secret: string
  clock?: () => Date
  transport?: MailTransport
  egress?: Egress
  resolveTxt?: ResolveTxt
  connectorLimits?: Partial<CallLimits>
}

/** Opens what a process needs on a migrated database. */
export async function openServices({ config, log, connection, secret, ...given }: Options): Promise<Services> {
  const clock = given.clock ?? (() => new Date())
  const database = openDatabase(connection)
  const background = openDatabase(connection, { hot: 4, ordinary: 2 }, UNHURRIED)
  const listener = startListener(connection, log)
  const queues = await openQueues({ redisUrl: config.redisUrl, connection }, log)
  const metrics = createMetrics({ database, queues, topics: TOPICS })
  const keys = deriveKeys(secret, config.previousSecrets, metrics.unopened)
  const origins = createOrigins()
  const tenants = createTenants({ database, listener })
  const signingKeys = createSigningKeys({ database, keys, clock, listener })
  const transport = given.transport ?? createTransport(config, database, clock)
  const policies = createPolicies({ database })
  const signal = createWorkSignal(database)
  const egress = given.egress ?? createEgress({ allow: config.egressAllow })
  const identityProviders = createIdentityProviders({ database })
  let closing: Promise<void> | undefined
  return {
    config,
    log,
    clock,
    newId: () => uuidv7(clock().getTime()),
    database,
    background,
    listener,
    queues,
    signal,
    changed: createChangeSignal({ database: background, signal, log }),
    keys,
    origins,
    metrics,
    transport,
    texts: config.texts && createTextSender(config.texts, { egress, clock, countries: config.textCountries }),
    tenants,
    policies,
    signingKeys,
    authenticate: createAuthenticator({
      database,
      clock,
      listener,
      tenants,
      signingKeys,
      origins: origins.all,
      findSubject: (scope: TenantScope, userId: string): Promise<Subject | undefined> => readSubjectIn(scope, userId),
      async readingOf(tenantId) {
        const tenant = await tenants.find(tenantId)
        if (!tenant) throw new Error('a token of an unknown tenant was let in')
        return readingPolicy((await policies.of(tenant)).authorization)
      },
    }),
    createRow: createInvitationWriter(database.sql),
    statistics: createStatistics(background.sql, log),
    egress,
    mailStore: createMailStore(background.sql),
    passcodes: createPasscodeWriter(database.sql),
    redemptions: createRedemptionStore(database.sql),
    identityProviders,
    homeRealms: createHomeRealms({ tenants, identityProviders, listener }),
    openIdConnect: createOpenIdConnect({ egress, keys }),
    readUser: createUserReader(database.sql),
    connectorCalls: createConnectorCalls({ database, background, listener, egress, keys }, given.connectorLimits),
    resolveTxt: given.resolveTxt ?? createTxtResolver(),
    close() {
      closing ??= (async () => {
        await queues.close()
        await listener.close()
        await transport.close()
        await Promise.all([database.close(), background.close()])
      })()
      return closing
    },
  }
}

function createTransport({ mail }: Config, database: Database, clock: () => Date): MailTransport {
  if (mail.transport === 'sendgrid' && mail.sendgrid) return createSendgridTransport(mail.sendgrid)
  if (mail.transport === 'smtp' && mail.smtpUrl) return createSmtpTransport({ url: mail.smtpUrl })
  return createMailboxTransport(database.sql, clock)
}
