import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDatabaseUrl } from '../../src/platform/database-url.js'
import { migrateDatabase } from '../../src/platform/migrate.js'
import { createDatabase, type Engines } from './engines.js'
import { output } from './processes.js'

export type PgbenchResult = { rate: number; averageMs: number }
export type Baseline = { run(clients: number, seconds: number): Promise<PgbenchResult> }

/** @throws with how to get it when pgbench is not there. */
export function findPgbench(): string {
  const places = [...(process.env['PATH'] ?? '').split(':'), '/usr/lib/postgresql/15/bin']
  const found = places.map((place) => join(place, 'pgbench')).find((path) => existsSync(path))
  if (!found) throw new Error('pgbench is missing: apt-get install postgresql-15 (Debian 12)')
  return found
}

/**
 * The bare create statement, in a database of its own on the server of the service: the service's own tables and
 * indexes without row security and without their triggers (dynamic groups, notifications), the same contents, one row
 * each of user, invitation, outbox and audit. The service writes two rows more, a second audit event and the mail that
 * caps count; leaving them out favours the baseline. Ids ascend as version 7 ones do, so both sides fill their indexes
 * from the right.
 */
const STATEMENT = `
\\set n :offset + :client_id + 64 * :count
\\set count :count + 1
with made as (
  insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
    creation_type, external_user_state, external_user_state_change_date_time, created_date_time)
  values ('019a0000-0000-7000-8000-000000000001', lpad(to_hex(:n::bigint), 32, '0')::uuid,
    'guest' || :n || '_partner.example#EXT#@contoso.example', 'Guest ' || :n, 'guest' || :n || '@partner.example',
    'guest' || :n || '@partner.example', 'guest' || :n || '_partner.example#EXT#', 'Guest', 'Invitation',
    'PendingAcceptance', now(), now())
  returning tenant_id, id, mail, display_name
), invited as (
  insert into invitations (tenant_id, id, user_id, invited_user_email_address, address_folded,
    invited_user_display_name, invited_user_type, invite_redirect_url, send_invitation_message, reset_redemption,
    status, created_date_time, expires_date_time, inviter_kind, inviter_id, inviter_name, delivery_state,
    delivery_date_time, history)
  select tenant_id, id, id, mail, mail, display_name, 'Guest', 'https://app.example/welcome', true, false, 'pending',
    now(), now() + interval '30 days', 'application', '019a0000-0000-7000-8000-000000000002', 'Benchmark', 'queued',
    now(), '[{"event": "invited", "dateTime": "2025-11-21T12:00:00.000000+00:00", "actor": {"kind": "application", "id": "019a0000-0000-7000-8000-000000000002", "displayName": "Benchmark"}}]'
  from made
  returning tenant_id, id, user_id
), queued as (
  insert into outbox (id, tenant_id, topic, subject_id) select id, tenant_id, 'invitation.mail', id from invited
)
insert into audit_events (tenant_id, id, activity_date_time, activity_display_name, category, logged_by_service,
  result, initiated_by, target_id, additional_details)
select tenant_id, id, now(), 'Invite external user', 'UserManagement', 'Invited Users', 'success',
  '{"kind": "application", "id": "019a0000-0000-7000-8000-000000000002", "displayName": "Benchmark"}', user_id,
  jsonb_build_object('invitationId', id)
from invited;
`

const TABLES = ['users', 'invitations', 'audit_events']

/** Prepares the database of the bare statement. */
export async function createBaseline(engines: Engines): Promise<Baseline> {
  const pgbench = findPgbench()
  const url = await createDatabase(engines, 'baseline')
  await migrateDatabase(readDatabaseUrl(url))
  const admin = engines.admin('baseline')
  for (const table of TABLES) {
    await admin.unsafe(
      `alter table ${table} no force row level security; alter table ${table} disable row level security;
       alter table ${table} disable trigger user`,
    )
  }
  await admin.end()
  const script = join(engines.dir, 'create.sql')
  await writeFile(script, STATEMENT)
  let runs = 0
  return {
    async run(clients, seconds) {
      const offset = ++runs * 1_000_000_000
      const text = await output(pgbench, [
        ...['-h', '127.0.0.1', '-p', String(engines.postgresPort), '-U', 'vestibule'],
        ...['-n', '-M', 'prepared', '-c', String(clients), '-j', String(Math.min(2, clients)), '-T', String(seconds)],
        ...['-D', `offset=${offset}`, '-D', 'count=0', '-f', script, 'baseline'],
      ])
      const rate = Number(/tps = ([\d.]+)/.exec(text)?.[1])
      const averageMs = Number(/latency average = ([\d.]+)/.exec(text)?.[1])
      if (!(rate > 0)) throw new Error(`pgbench said nothing useful: ${text}`)
      return { rate, averageMs }
    },
  }
}
