import { and, eq, isNull, sql } from 'drizzle-orm'
import { defineCollection, entityRules } from '../graph/odata/collection.js'
import { users } from './tables.js'
import { userResource } from './user-resource.js'

/** `GET /users`: everybody who is not deleted. */
export const userCollection = defineCollection({
  resource: userResource,
  from: sql`${users}`,
  id: users.id,
  where: (tenantId) => and(eq(users.tenantId, tenantId), isNull(users.deletedDateTime)),
})

/** What `GET /users/{id}` understands. */
export const userRules = entityRules(userResource)
