import t from 'tap'
import { play } from './exchange.js'
import { changing, creating } from './user-exchanges.js'
import { deleted, oneself, relating } from './user-relation-exchanges.js'
import { openWorld } from './world.js'

t.test('golden exchanges of users and what hangs on them', async (t) => {
  const world = await openWorld(t)
  for (const [title, table] of Object.entries({ creating, changing, relating, oneself, deleted })) {
    await t.test(title, async (t) => play(t, () => world, table))
  }
})
