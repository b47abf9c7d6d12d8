import { heldRequest, readUserFlow, SIGN_UP_MAIL, type UserFlow, type Visitor } from '../../src/user-flows/index.js'
import type { TestService } from '../support/service.js'

/** Graph's `.../signUpRequests` of a flow. */
export const requestsOf = (flowId: string) => `/identity/b2xUserFlows/${flowId}/signUpRequests`

type Approver = { id: string; type: 'User' | 'Group' }

/** A flow that holds its visitors, with a question and these approvers. */
export async function approvedFlow(
  service: TestService,
  name: string,
  approvers: readonly Approver[],
  tenantId = service.tenantId,
): Promise<UserFlow> {
  const id = service.services.newId()
  const now = service.services.clock().toISOString()
  await service.rows(
    `insert into user_flows (tenant_id, id, name, name_folded, requires_approval, default_language, created_date_time)
     values ('${tenantId}', '${id}', '${name}', '${name.toLowerCase()}', true, 'en', '${now}')`,
    tenantId,
  )
  await service.rows(
    `insert into user_flow_assignments (tenant_id, flow_id, attribute_id, id, position, display_name, is_optional,
       requires_verification, user_input_type, user_attribute_values)
     values ('${tenantId}', '${id}', 'city', '${service.services.newId()}', 1, 'Town', false, false, 'textBox', '[]')`,
    tenantId,
  )
  for (const approver of approvers) {
    await service.rows(
      `insert into user_flow_approvers (tenant_id, flow_id, approver_id, approver_type)
       values ('${tenantId}', '${id}', '${approver.id}', '${approver.type}')`,
      tenantId,
    )
  }
  const flow = await readUserFlow(service.services.database.sql, tenantId, name)
  if (!flow) throw new Error('the flow was not made')
  return flow
}

/** A visitor who has done all that a flow asks, by a code to their mailbox. */
export function visitorOf(flow: UserFlow, email: string, wish: Partial<Visitor> = {}): Visitor {
  return {
    flowId: flow.id,
    email,
    identity: { signInType: 'federated', issuer: 'mail', issuerAssignedId: email.toLowerCase() },
    claims: { displayName: 'Gil Carvalho', city: 'Porto' },
    language: 'en',
    ...wish,
  }
}

/** Holds a visitor as the run of a flow does at its end. */
export async function hold(
  service: TestService,
  flow: UserFlow,
  visitor: Visitor,
  browserHash = Buffer.alloc(32),
): Promise<{ requestId: string; state: string }> {
  const { services, tenantId } = service
  const tenant = await services.tenants.find(tenantId)
  if (!tenant) throw new Error('no tenant')
  const now = services.clock()
  const request = heldRequest(services, { tenant, flow, visitor, termsOfUse: undefined }, now)
  const [row] = await services.database.sql<{ held: { requestId: string; state: string } }[]>`
    select sign_up_request_hold(${tenantId}, ${now.toISOString()}, ${JSON.stringify(request)}::text::jsonb,
      ${browserHash}) as held`
  if (!row) throw new Error('holding answered nothing')
  services.signal.raise(SIGN_UP_MAIL)
  return row.held
}

/** A request that waits, by its id. */
export async function waiting(service: TestService, flow: UserFlow, email: string): Promise<string> {
  return (await hold(service, flow, visitorOf(flow, email))).requestId
}
