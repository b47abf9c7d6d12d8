import t from 'tap'
import { startService } from '../support/service.js'
import { invited, rowsOf, signedIn } from './scene.js'

const ROUNDS = 40

t.test('of accepting and revoking at the same moment exactly one wins, and the other side is told', async (t) => {
  const service = await startService(t, { workers: false })
  const wins = { accept: 0, revoke: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    const ana = await invited(service, `ana${round}@partner.example`)
    const browser = await signedIn(service, ana)
    // Half of the rounds start with each side.
    const accept = () => browser.post(ana.link, { choice: 'accept' })
    const revoke = () => service.api('POST', `/invitations/${ana.id}/revoke`)
    const [page, answer] =
      round % 2 === 0
        ? await Promise.all([accept(), revoke()])
        : await Promise.all([revoke(), accept()]).then(([second, first]) => [first, second] as const)

    const [row] = await rowsOf(
      service,
      `select i.status, u.external_user_state as state,
         (select count(*)::int from user_identities x where x.user_id = u.id) as identities
       from invitations i join users u on u.id = i.user_id where i.id = '${ana.id}'`,
    )
    const outcome = { page: `${page.status} ${page.name ?? ''}`.trim(), answer: answer.status, ...row }
    const accepted = { page: '303', answer: 400, status: 'completed', state: 'Accepted', identities: 1 }
    const revoked = { page: '410 revoked', answer: 204, status: 'revoked', state: 'PendingAcceptance', identities: 0 }
    const won = row?.['status'] === 'completed' ? 'accept' : 'revoke'
    wins[won] += 1
    t.strictSame(outcome, won === 'accept' ? accepted : revoked, `round ${round}`)
  }
  t.comment(`accept won ${wins.accept} times, revoke ${wins.revoke} times`)
})
