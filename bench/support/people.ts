import type postgres from 'postgres'
import { userResource } from '../../src/directory/index.js'
import { indexWords } from '../../src/graph/search/index-words.js'
import { openWorld, type World } from './tenant.js'

/** Of as many people in an organization of any size is each of the rare things true. */
export const RARE = 200
/** Departments, each with `RARE` people. */
export const DEPARTMENTS = 20

export const GIVEN_NAMES = ['Ada', 'Blaise', 'Carl', 'Dana', 'Emmy', 'Felix', 'Grace', 'Hedy', 'Ida', 'Jan']
export const SURNAMES = ['Abel', 'Bose', 'Curie', 'Dirac', 'Euler', 'Fermat', 'Gauss', 'Hopper', 'Ising', 'Jordan']

/** Day zero of every organization; one guest came each `SECONDS_APART`. */
const FIRST_GUEST_AT = Date.UTC(2024, 0, 1)
const SECONDS_APART = 30

/** When guest `n` came. */
export const cameAt = (n: number) => new Date(FIRST_GUEST_AT + n * SECONDS_APART * 1_000)
export const mailOf = (n: number) => `guest${n}@partner${n % 100}.example`

/**
 * Fills an organization with guests as invitations would have left them, each with three words in the name: one of ten
 * given names, one of ten surnames, and one that nobody shares. `RARE` of them have accepted, `RARE` work in each
 * department, `RARE` are members. The rows go into the service's tables with all their indexes, by one statement; only
 * the triggers wait. Then the service's own sweep puts their words into the search index.
 */
export async function insertPeople(sql: postgres.Sql, world: World, count: number): Promise<void> {
  const { tenantId } = world
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`set local synchronous_commit = off`
    await tx`set local work_mem = '256MB'`
    await tx.unsafe(peopleSql(tenantId, count))
  })
  await sql`analyze users`
  await indexEverybody(world)
}

function peopleSql(tenantId: string, count: number): string {
  const oneOf = (names: string[], which: string) => `(array['${names.join("','")}'])[1 + ${which} % ${names.length}]`
  const every = Math.floor(count / RARE)
  return `
    insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
      creation_type, external_user_state, external_user_state_change_date_time, department, created_date_time)
    select '${tenantId}', id, nickname || '@fabrikam.example', given || ' ' || surname || ' ' || initcap(own), mail, mail,
      nickname, case n % ${every} when 1 then 'Member' else 'Guest' end, 'Invitation',
      case n % ${every} when 2 then 'Accepted' else 'PendingAcceptance' end, came,
      case when n % ${every} between 3 and ${2 + DEPARTMENTS} then 'Department ' || n % ${every} - 2 end, came
    from generate_series(0::bigint, ${count - 1}) as n,
      lateral (select md5(n::text) as digits, 'guest' || n || '@partner' || n % 100 || '.example' as mail,
        '${new Date(FIRST_GUEST_AT).toISOString()}'::timestamptz + n * interval '${SECONDS_APART} seconds' as came) as a,
      lateral (select replace(mail, '@', '_') || '#EXT#' as nickname,
        ${oneOf(GIVEN_NAMES, 'n')} as given, ${oneOf(SURNAMES, '(n / 10)')} as surname,
        translate(left(digits, 10), '0123456789', 'ghijklmnop') as own,
        -- UUID version 7: the time, then what makes it another one.
        (lpad(to_hex((extract(epoch from came) * 1000)::bigint), 12, '0') || '7' || substr(digits, 1, 3)
          || '8' || substr(digits, 4, 15))::uuid as id) as b`
}

/** The service's sweep, in portions larger than it takes beside other work. */
async function indexEverybody(world: World): Promise<void> {
  const services = await openWorld(world.env)
  try {
    const sweep = () =>
      services.background.withTenant(world.tenantId, (scope) => indexWords(scope, userResource, 100_000))
    while ((await sweep()) > 0);
  } finally {
    await services.close()
  }
}
