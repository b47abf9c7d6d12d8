import { type Connection, connect } from './database.js'

/** Row security does not bind superusers and holders of BYPASSRLS, so the service refuses to be one. */
export async function mustBePlainRole(connection: Connection): Promise<void> {
  const sql = connect(connection, 1)
  try {
    const [role] = await sql<{ name: string; exempt: boolean }[]>`
      select rolname as name, rolsuper or rolbypassrls as exempt from pg_roles where rolname = current_user`
    if (role?.exempt) {
      throw new Error(
        `DATABASE_URL: the role '${role.name}' is a superuser or has BYPASSRLS, which switches row-level security off. ` +
          'Use a plain role that owns its database: create role vestibule login password ...; create database vestibule owner vestibule;',
      )
    }
  } finally {
    await sql.end()
  }
}
