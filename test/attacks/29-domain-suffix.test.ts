import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing } from './scene.js'

const lists: { mode: string; domains: string[]; refused: string[]; taken: string[] }[] = [
  {
    mode: 'allowList',
    domains: ['partner.example'],
    refused: [
      'evil-partner.example',
      'evilpartner.example',
      'partner.example.evil.test',
      'sub.partner.example',
      'example',
    ],
    taken: ['partner.example', 'PARTNER.EXAMPLE'],
  },
  {
    mode: 'allowList',
    domains: ['*.partner.example'],
    refused: ['partner.example', 'evilpartner.example', 'evil-partner.example', 'x.partner.example.evil.test'],
    taken: ['a.partner.example', 'b.a.partner.example'],
  },
  {
    mode: 'blockList',
    domains: ['evil.example', 'xn--bcher-kva.example'],
    refused: ['evil.example', 'EVIL.example', 'bücher.example', 'BÜCHER.example', 'xn--bcher-kva.example'],
    taken: ['notevil.example'],
  },
]

// Seen to fail with `domainIsListed` (src/policies/rules.ts) comparing ends: evil-partner.example was invited.
for (const { mode, domains, refused, taken } of lists) {
  t.test(`${mode} of ${domains.join(' and ')} means just that`, async (t) => {
    const service = await startService(t, { workers: false })
    t.equal((await service.api('PUT', '/policies/invitationDomainPolicy', { mode, domains })).status, 200)
    const wish = (domain: string) => ({
      invitedUserEmailAddress: `ana@${domain}`,
      inviteRedirectUrl: 'https://app.example/',
    })
    await changesNothing(t, service, async () => {
      for (const domain of refused) {
        const answer = await service.api('POST', '/invitations', wish(domain))
        t.equal(answer.status, domain.includes('.') ? 403 : 400, domain)
        const asked = await service.api('POST', '/invitations/evaluate', wish(domain))
        t.notOk(asked.body.allowed, `asking beforehand says so, too`)
      }
    })
    for (const domain of taken) t.equal((await service.api('POST', '/invitations', wish(domain))).status, 201, domain)
  })
}
