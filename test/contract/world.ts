import type { Test } from 'tap'
import { assignDirectoryRole, insertUser } from '../../src/directory/index.js'
import { parseEmailAddress } from '../../src/kernel/email-address.js'
import { ROLES } from '../../src/policies/index.js'
import { type ServiceOptions, startService, type TestService } from '../support/service.js'

/** Who sends a request: the client with every permission unless named. `nobody` sends no token. */
export type CallerName = 'everything' | 'nobody' | keyof typeof applications | keyof typeof people | (string & {})

export type World = {
  service: TestService
  /** What stands in tables as `{name}`: ids, origins, tokens. Arrangements add to it. */
  facts: Record<string, string>
  /** Bearer token of a caller; arrangements may add callers. */
  tokens: Map<string, string | null>
}

const applications = {
  inviteApp: ['User.Invite.All'],
  readUsersApp: ['User.Read.All'],
  readPolicyApp: ['Policy.Read.All'],
  readGroupsApp: ['Group.Read.All'],
  membersApp: ['GroupMember.ReadWrite.All'],
  createGroupsApp: ['Group.Create'],
}

type Person = {
  userType?: 'Guest'
  roles?: string[]
  disabled?: true
  external?: 'PendingAcceptance' | 'Accepted'
  address?: string
}

/** Tokens of people carry these delegated permissions; what the person may do with them is what the tables ask. */
const SCOPES = [
  'User.Invite.All',
  'User.ReadWrite.All',
  'Policy.Read.All',
  'Policy.ReadWrite.Authorization',
  'Group.ReadWrite.All',
]

const people = {
  administrator: { roles: [ROLES.globalAdministrator] },
  userAdministrator: { roles: [ROLES.userAdministrator] },
  helpdesk: { roles: [ROLES.helpdeskAdministrator] },
  guestInviter: { roles: [ROLES.guestInviter] },
  member: {},
  guest: { userType: 'Guest', external: 'Accepted', address: 'guest@partner.example' },
  invitingGuest: {
    userType: 'Guest',
    external: 'Accepted',
    address: 'inviter@partner.example',
    roles: [ROLES.guestInviter],
  },
  blocked: { disabled: true, address: 'blocked@elsewhere.example' },
  internal: { address: 'internal@elsewhere.example' },
} satisfies Record<string, Person>

/** An organization with one person of every kind that invitation rules tell apart, and a token for each. */
export async function openWorld(t: Test, options: ServiceOptions = { workers: false }): Promise<World> {
  const service = await startService(t, options)
  const { tenantId, baseUrl, adminId, clientId } = service
  const facts: Record<string, string> = { tenantId, baseUrl, adminId, clientId, unknown: crypto.randomUUID() }
  const tokens = new Map<string, string | null>([['nobody', null]])
  for (const [name, permissions] of Object.entries(applications)) {
    tokens.set(name, await service.appToken(permissions, name))
  }
  for (const [name, person] of Object.entries<Person>(people)) {
    const id = await addPerson(service, name, person)
    facts[name] = id
    if (!person.disabled) tokens.set(name, await service.userToken(id, SCOPES))
  }
  return { service, facts, tokens }
}

async function addPerson({ services, tenantId }: TestService, name: string, person: Person): Promise<string> {
  const id = services.newId()
  const address = parseEmailAddress(person.address ?? `${name}@contoso.example`)
  if (!address) throw new Error(`${name} has no address`)
  const now = services.clock()
  await services.database.withTenant(tenantId, async (scope) => {
    await insertUser(scope, {
      tenantId,
      id,
      userPrincipalName: `${name}@contoso.example`,
      displayName: name,
      mail: address.text,
      mailFolded: address.folded,
      mailNickname: name,
      userType: person.userType ?? 'Member',
      accountEnabled: person.disabled !== true,
      createdDateTime: now,
      ...(person.external && {
        creationType: 'Invitation',
        externalUserState: person.external,
        externalUserStateChangeDateTime: now,
      }),
    })
    for (const role of person.roles ?? []) await assignDirectoryRole(scope, id, role, now)
  })
  return id
}
