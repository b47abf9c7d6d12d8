import { eq, getTableColumns, type Table } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import t from 'tap'
import * as accessEnd from '../../src/access-end/tables.js'
import * as applications from '../../src/applications/tables.js'
import * as audit from '../../src/audit/tables.js'
import * as extensions from '../../src/directory/extensions/tables.js'
import * as groups from '../../src/directory/groups/tables.js'
import * as directory from '../../src/directory/tables.js'
import * as search from '../../src/graph/search/tables.js'
import * as invitationTables from '../../src/invitations/tables.js'
import * as mailbox from '../../src/mailbox/tables.js'
import * as notifications from '../../src/notifications/tables.js'
import * as changes from '../../src/platform/changes/tables.js'
import * as idempotency from '../../src/platform/idempotency/tables.js'
import * as work from '../../src/platform/outbox/tables.js'
import * as policies from '../../src/policies/tables.js'
import * as provider from '../../src/provider/tables.js'
import * as secondStep from '../../src/sign-in/authentication-methods/tables.js'
import * as federation from '../../src/sign-in/federation/tables.js'
import * as identityProviders from '../../src/sign-in/identity-providers/tables.js'
import * as localAccounts from '../../src/sign-in/local-accounts/tables.js'
import * as signInLog from '../../src/sign-in/log/tables.js'
import * as signIn from '../../src/sign-in/tables.js'
import * as tenants from '../../src/tenants/tables.js'
import * as userFlowAttributes from '../../src/user-flows/attributes/tables.js'
import * as connectors from '../../src/user-flows/connectors/tables.js'
import * as userFlows from '../../src/user-flows/flows/tables.js'
import * as userFlowLanguages from '../../src/user-flows/languages/tables.js'
import * as signUpRequests from '../../src/user-flows/requests/tables.js'
import * as signUp from '../../src/user-flows/sign-up/tables.js'
import { Guest } from '../support/guest.js'
import { startService } from '../support/service.js'
import { until } from '../support/until.js'

const modules = [
  accessEnd,
  applications,
  audit,
  directory,
  extensions,
  groups,
  search,
  invitationTables,
  mailbox,
  notifications,
  changes,
  idempotency,
  work,
  policies,
  provider,
  secondStep,
  federation,
  identityProviders,
  localAccounts,
  signIn,
  signInLog,
  tenants,
  userFlowAttributes,
  connectors,
  userFlows,
  userFlowLanguages,
  signUpRequests,
  signUp,
]
const isTable = (value: unknown): value is PgTable =>
  typeof value === 'object' && value !== null && Symbol.for('drizzle:IsDrizzleTable') in value

t.test('the tables in the database are the ones the code knows, column by column', async (t) => {
  const service = await startService(t, { workers: false })
  const { sql } = service.services.database
  const known = new Set<string>()
  for (const table of modules.flatMap((module) => Object.values(module)).filter(isTable)) {
    const { name, columns } = getTableConfig(table)
    known.add(name)
    const real = await sql<{ name: string; optional: boolean }[]>`
      select column_name as name, is_nullable = 'YES' as optional from information_schema.columns
      where table_schema = 'public' and table_name = ${name}`
    t.strictSame(
      Object.fromEntries(real.map((column) => [column.name, column.optional]).sort()),
      Object.fromEntries(columns.map((column) => [column.name, !column.notNull]).sort()),
      name,
    )
  }
  const all = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
  t.strictSame(
    all.map(({ name }) => name).filter((name) => name !== 'vestibule_functions' && !known.has(name)),
    [],
  )
})

// The hot statements are SQL functions that Drizzle does not know: what they write must be what it reads.
t.test('what the prepared statements write is what Drizzle reads, every column of it', async (t) => {
  const service = await startService(t)
  const { services, tenantId, adminId } = service
  const read = <T extends PgTable & { tenantId: any }>(table: T) =>
    services.database.withTenant(tenantId, (scope) =>
      scope.orm
        .select()
        .from(table as PgTable)
        .where(eq(table.tenantId, tenantId)),
    ) as Promise<any[]>
  const expiresDateTime = new Date(Date.now() + 86_400_000).toISOString()
  const { body: made } = await service.api(
    'POST',
    '/invitations',
    {
      invitedUserEmailAddress: 'Ana@Bücher.example',
      inviteRedirectUrl: 'https://app.example/',
      invitedUserDisplayName: 'Ana Bell',
      sendInvitationMessage: true,
      invitedUserMessageInfo: {
        customizedMessageBody: 'Hello',
        messageLanguage: 'de',
        ccRecipients: [{ emailAddress: { name: 'Bo', address: 'bo@partner.example' } }],
      },
      invitedUserSponsors: [{ id: adminId }],
      contactUrl: 'https://help.example',
      expiresDateTime,
    },
    { headers: { 'idempotency-key': 'k' } },
  )
  const userId: string = made.invitedUser.id
  const [client] = await read(applications.applications)
  const [sent] = await service.waitForMails('Ana@Bücher.example')
  const folded = 'ana@xn--bcher-kva.example'

  await t.test('inviting', async (t) => {
    const [invitation] = await read(invitationTables.invitations)
    const at = invitation.createdDateTime
    t.ok(at instanceof Date)
    await until(async () => (await read(invitationTables.invitations))[0].sentCount === 1)
    const [finished] = await read(invitationTables.invitations)
    t.strictSame(finished, {
      tenantId,
      id: made.id,
      userId,
      invitedUserEmailAddress: 'Ana@Bücher.example',
      addressFolded: folded,
      invitedUserDisplayName: 'Ana Bell',
      invitedUserType: 'Guest',
      inviteRedirectUrl: 'https://app.example/',
      sendInvitationMessage: true,
      messageLanguage: 'de',
      customizedMessageBody: 'Hello',
      ccName: 'Bo',
      ccAddress: 'bo@partner.example',
      contactUrl: 'https://help.example',
      resetRedemption: false,
      status: 'pending',
      ticketVersion: 1,
      createdDateTime: at,
      expiresDateTime: new Date(expiresDateTime),
      redeemedDateTime: null,
      endedDateTime: null,
      inviterKind: 'application',
      inviterId: client.servicePrincipalId,
      inviterName: 'Every permission',
      inviterMail: null,
      sentCount: 1,
      lastSentDateTime: finished.lastSentDateTime,
      deliveryState: 'sent',
      deliveryReason: null,
      deliveryDateTime: finished.lastSentDateTime,
      history: [
        {
          event: 'invited',
          dateTime: finished.history[0].dateTime,
          actor: { kind: 'application', id: client.servicePrincipalId, displayName: 'Every permission' },
        },
        { event: 'sent', dateTime: finished.history[1].dateTime, actor: { kind: 'service' } },
      ],
    })
    t.ok(finished.lastSentDateTime instanceof Date)
    complete(t, invitationTables.invitations, finished)

    const guest = (await read(directory.users)).find(({ id }) => id === userId)
    t.match(guest, {
      userPrincipalName: 'Ana_xn--bcher-kva.example#EXT#@contoso.example',
      displayName: 'Ana Bell',
      mail: 'Ana@Bücher.example',
      mailFolded: folded,
      mailNickname: 'Ana_xn--bcher-kva.example#EXT#',
      userType: 'Guest',
      creationType: 'Invitation',
      externalUserState: 'PendingAcceptance',
      externalUserStateChangeDateTime: at,
      accountEnabled: true,
      businessPhones: [],
      otherMails: null,
      createdDateTime: at,
      deletedDateTime: null,
      signInSessionsValidFromDateTime: null,
    })
    complete(t, directory.users, guest)
    t.strictSame(await read(directory.userSponsors), [{ tenantId, userId, sponsorId: adminId, ordinal: 1 }])

    const [mail] = await read(invitationTables.invitationMails)
    t.strictSame(mail, {
      tenantId,
      id: sent?.id,
      invitationId: made.id,
      recipientFolded: folded,
      inviterId: client.servicePrincipalId,
      inviterKind: 'application',
      state: 'sent',
      stateDateTime: finished.lastSentDateTime,
      providerMessageId: sent?.id,
      createdDateTime: at,
    })
    const [key] = await read(idempotency.idempotencyKeys)
    t.match(key, { tenantId, resourceId: made.id, createdAt: at })
    t.strictSame([key.keyHash.length, key.requestHash.length], [32, 32])
    complete(t, idempotency.idempotencyKeys, key)

    const events = (await read(audit.auditEvents)).sort((a, b) =>
      a.activityDisplayName < b.activityDisplayName ? -1 : 1,
    )
    t.strictSame(
      events.map(({ activityDisplayName, loggedByService, additionalDetails }) => [
        activityDisplayName,
        loggedByService,
        additionalDetails,
      ]),
      [
        ['Add user', 'Core Directory', null],
        ['Add user sponsor', 'Core Directory', null],
        ['Invite external user', 'Invited Users', { invitationId: made.id }],
      ],
    )
    for (const event of events) {
      t.match(event, {
        tenantId,
        activityDateTime: at,
        category: 'UserManagement',
        result: 'success',
        targetId: userId,
      })
      t.strictSame(event.initiatedBy, {
        kind: 'application',
        id: client.servicePrincipalId,
        displayName: 'Every permission',
      })
      complete(t, audit.auditEvents, event)
    }
  })

  await t.test('a passcode, a session and an acceptance', async (t) => {
    const before = Date.now()
    await new Guest().accept(service, made.inviteRedeemUrl, 'Ana@Bücher.example')
    const [passcode] = await read(signIn.passcodes)
    t.match(passcode, {
      tenantId,
      subject: made.id,
      address: 'Ana@Bücher.example',
      addressFolded: folded,
      language: 'de',
      triesLeft: 5,
    })
    t.equal(passcode.expiresDateTime - passcode.createdDateTime, 30 * 60_000)
    t.ok(passcode.usedDateTime >= before - 1 && passcode.createdDateTime >= before - 1)
    t.strictSame([passcode.browserHash.length, passcode.codeHash.length], [32, 32])
    complete(t, signIn.passcodes, passcode)

    const found = await read(signIn.sessions)
    t.equal(found.length, 1, 'the one before acceptance is replaced')
    t.match(found[0], {
      tenantId,
      userId,
      addressFolded: folded,
      address: 'Ana@Bücher.example',
      authenticationMethod: 'emailOneTimePasscode',
    })
    t.equal(found[0].expiresDateTime - found[0].createdDateTime, 24 * 3_600_000)
    complete(t, signIn.sessions, found[0])

    t.strictSame(await read(directory.userIdentities), [
      { tenantId, issuer: 'mail', issuerAssignedId: folded, userId, signInType: 'federated', vouchedAddress: folded },
    ])
    const guest = (await read(directory.users)).find(({ id }) => id === userId)
    t.equal(guest.externalUserState, 'Accepted')
    const [invitation] = await read(invitationTables.invitations)
    t.equal(invitation.status, 'completed')
    t.strictSame(invitation.redeemedDateTime, guest.externalUserStateChangeDateTime)
    t.strictSame(invitation.endedDateTime, invitation.redeemedDateTime)
    t.match(invitation.history.at(-1), {
      event: 'redeemed',
      actor: { kind: 'user', id: userId, displayName: 'Ana@Bücher.example' },
    })
  })
})

/** No column is left out of what was read. */
function complete(t: { strictSame(a: unknown, b: unknown, title: string): unknown }, table: Table, row: object): void {
  t.strictSame(Object.keys(row).sort(), Object.keys(getTableColumns(table)).sort(), 'every column is there')
}
