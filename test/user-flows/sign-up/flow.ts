import type { Page } from '../../support/guest.js'
import { codesIn, Guest, nextCode } from '../../support/guest.js'
import type { TestService } from '../../support/service.js'

/** A question of a flow, as `user_flow_assignments` has it. */
export type Question = {
  id: string
  input?: string
  type?: 'string' | 'boolean' | 'int64' | 'stringCollection' | 'dateTime'
  isOptional?: boolean
  values?: { name: string; value: string; isDefault?: boolean }[]
  defaultValue?: string
  validation?: object
}

export type FlowWish = {
  name?: string
  providers?: readonly string[]
  questions?: readonly Question[]
  /** Ids of connectors. */
  first?: string
  second?: string
  termsOfUseUrl?: string
  requiresApproval?: boolean
  isEnabled?: boolean
  /** `appId` and object id of applications. */
  applications?: readonly { appId: string; id: string }[]
  /** Words of the administrator: `[language, content]`. */
  pages?: readonly (readonly [string, object])[]
}

/** A flow set up in the tables, and the organization's switch on. Answers with the path at which people sign up. */
export async function makeFlow(
  service: TestService,
  wish: FlowWish = {},
  tenantId = service.tenantId,
): Promise<string> {
  const { services } = service
  const { name = `B2X_1_Flow${++flows}`, providers = ['EmailOtpSignup-OAUTH', 'AADSignup-OAUTH'] } = wish
  const id = services.newId()
  const text = (value: unknown) => (value === undefined ? 'null' : `'${String(value).replaceAll("'", "''")}'`)
  const json = (value: unknown) => `${text(JSON.stringify(value ?? []))}::jsonb`
  const run = (sql: string) => service.rows(sql, tenantId)
  await run(`insert into user_flows (tenant_id, id, name, name_folded, is_enabled, requires_approval, terms_of_use_url,
    default_language, post_federation_signup, post_attribute_collection, created_date_time)
    values ('${tenantId}', '${id}', ${text(name)}, ${text(name.toLowerCase())}, ${wish.isEnabled ?? true},
      ${wish.requiresApproval ?? false}, ${text(wish.termsOfUseUrl)}, 'en', ${text(wish.first)}, ${text(wish.second)},
      now())`)
  for (const [position, provider] of providers.entries()) {
    await run(`insert into user_flow_providers (tenant_id, flow_id, provider_id, position)
      values ('${tenantId}', '${id}', ${text(provider)}, ${position})`)
  }
  for (const [position, question] of (wish.questions ?? []).entries()) {
    await run(`insert into user_flow_assignments (tenant_id, flow_id, attribute_id, id, position, is_optional,
      requires_verification, user_input_type, user_attribute_values, default_value, validation)
      values ('${tenantId}', '${id}', ${text(question.id)}, '${services.newId()}', ${position},
        ${question.isOptional ?? false}, false, ${text(question.input ?? 'textBox')}, ${json(question.values)},
        ${text(question.defaultValue)}, ${question.validation ? json(question.validation) : 'null'})`)
  }
  for (const { appId, id: applicationId } of wish.applications ?? []) {
    await run(`insert into user_flow_applications (tenant_id, application_id, app_id, flow_id)
      values ('${tenantId}', '${applicationId}', '${appId}', '${id}')`)
  }
  for (const [language, content] of wish.pages ?? []) {
    await run(`insert into user_flow_pages (tenant_id, flow_id, language, page_id, content)
      values ('${tenantId}', '${id}', ${text(language)}, 'attributecollection', ${json(content)})`)
  }
  await switchSignUp(service, true, tenantId)
  return `/${tenantId}/signup/${name}`
}

let flows = 0

/** Graph: authenticationFlowsPolicy. */
export async function switchSignUp(
  service: TestService,
  isEnabled: boolean,
  tenantId = service.tenantId,
): Promise<void> {
  await service.rows(
    `insert into tenant_policies (tenant_id, authentication_flows)
     values ('${tenantId}', '{"selfServiceSignUp": {"isEnabled": ${isEnabled}}}')
     on conflict (tenant_id) do update set authentication_flows = excluded.authentication_flows`,
    tenantId,
  )
}

/** Custom attributes: directory extensions with the names that flows ask by. */
export async function makeAttribute(
  service: TestService,
  name: string,
  type: NonNullable<Question['type']>,
  appId = service.clientId,
): Promise<string> {
  const { services, tenantId } = service
  const full = `extension_${appId.replaceAll('-', '')}_${name}`
  const id = services.newId()
  const stored = {
    string: 'String',
    boolean: 'Boolean',
    int64: 'Integer',
    stringCollection: 'String',
    dateTime: 'DateTime',
  }
  await service.rows(`insert into extension_properties (tenant_id, id, app_id, name, name_folded, data_type,
    is_multi_valued, target_objects, created_date_time) values ('${tenantId}', '${id}', '${appId}', '${full}',
    '${full.toLowerCase()}', '${stored[type]}', ${type === 'stringCollection'}, '{User}', now())`)
  await service.rows(`insert into custom_attributes (tenant_id, id, name, name_folded, display_name, data_type,
    created_date_time) values ('${tenantId}', '${id}', '${full}', '${full.toLowerCase()}', '${name}', '${type}', now())`)
  return full
}

/** A browser without scripts that signs up. */
export class Visitor extends Guest {
  readonly service: TestService
  readonly url: string

  constructor(service: TestService, path: string) {
    super()
    this.service = service
    this.url = service.baseUrl + path
  }

  open(query = ''): Promise<Page> {
    return this.get(this.url + query)
  }

  send(fields: Record<string, string>): Promise<Page> {
    return this.post(this.url, fields)
  }

  /** Asks for a code and answers with it. */
  async askCode(address: string): Promise<string> {
    const before = codesIn(await this.service.mails(address)).length
    await this.open()
    const sent = await this.send({ email: address })
    if (sent.status !== 303) throw new Error(`asking for a code answered ${sent.status} ${sent.name}`)
    return nextCode(this.service, address, before)
  }

  /** Proves an address; answers with the page that is due then. */
  async prove(address: string): Promise<Page> {
    const code = await this.askCode(address)
    await this.open()
    const proved = await this.send({ code })
    return proved.location ? this.get(new URL(proved.location, this.url).href) : proved
  }

  /** Sends the form and follows where it leads within the flow. */
  async answer(fields: Record<string, string>): Promise<Page> {
    const answered = await this.send({ action: 'answer', ...fields })
    return answered.location?.startsWith(new URL(this.url).pathname) ? this.open() : answered
  }
}

/** Users of an organization with this mail. */
export async function usersOf(service: TestService, address: string, tenantId = service.tenantId) {
  const found = await service.rows(
    `select * from users where mail_folded = '${address.toLowerCase()}' and deleted_date_time is null`,
    tenantId,
  )
  return [...found]
}
