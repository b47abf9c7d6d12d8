import type { Origins } from '../../platform/origins.js'
import type { WorkSignal } from '../../platform/outbox/relay.js'
import type { Policies } from '../../policies/index.js'
import type { BeginNeeds, HomeRealms, PasscodeWriter } from '../../sign-in/index.js'
import type { Tenant, Tenants } from '../../tenants/index.js'
import type { Claims, ConnectorAnswer, ConnectorStep, UserFlow, Visitor } from '../words.js'

/** What a connector is asked; the same key for the same question, however often it has to be asked. */
type ConnectorQuestion = {
  tenantId: string
  connectorId: string
  step: ConnectorStep
  claims: Claims
  clientId?: string
  locale: string
  idempotencyKey: string
}

/** A visitor whose flow wants somebody to approve them. */
type Held = { tenant: Tenant; flow: UserFlow; visitor: Visitor; termsOfUse: string | undefined }

/** What the run asks of the parts of user flows beside it. */
export type Neighbours = {
  /** In one round trip. */
  readFlow(tenantId: string, flowId: string): Promise<UserFlow | undefined>
  /** No connection of the database is held meanwhile. */
  ask(question: ConnectorQuestion): Promise<ConnectorAnswer>
  requests: {
    /** The request of a visitor, as the statement takes it that ends their run (`sign_up_hold`). */
    of(holding: Held): object
    /** Called once somebody is held. */
    held(): void
    /** Lets a browser that has proved who it is look at a request that was there before. In one round trip. */
    tie(tenantId: string, id: string, browserHash: Buffer): Promise<void>
    /** The page that shows what became of it. */
    path(tenantId: string, flowId: string): string
  }
}

export type Needs = BeginNeeds & {
  tenants: Tenants
  policies: Policies
  homeRealms: HomeRealms
  passcodes: PasscodeWriter
  signal: WorkSignal
  origins: Origins
  /** Something changed that others may follow. */
  changed: (tenantId: string) => void
  neighbours: Neighbours
}
