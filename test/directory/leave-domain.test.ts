import t from 'tap'
import { startService } from '../support/service.js'

t.test('a domain with too many people is not given up by halves', async (t) => {
  const records = new Map<string, string[]>()
  const service = await startService(t, { workers: false, resolveTxt: async (name) => records.get(name) ?? [] })
  const domain = 'tailspin.example'
  await service.api('POST', '/domains', { id: domain })
  const { body } = await service.api('GET', `/domains/${domain}/verificationDnsRecords`)
  records.set(domain, [body.value[0].text])
  t.equal((await service.api('POST', `/domains/${domain}/verify`)).status, 200)
  // Guests whose addresses have been of the domain since before it was the organization's: they keep them.
  await service.rows(`
    insert into users (tenant_id, id, user_principal_name, display_name, mail, mail_folded, mail_nickname, user_type,
      creation_type, external_user_state, created_date_time)
    select '${service.tenantId}', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
      'g' || n || '_${domain}#EXT#@contoso.example', 'Guest ' || n, 'g' || n || '@${domain}', 'g' || n || '@${domain}',
      'g' || n || '_${domain}#EXT#', 'Guest', 'Invitation', 'Accepted', now()
    from generate_series(1, 1001) n`)
  const { body: tia } = await service.api('POST', '/users', {
    accountEnabled: true,
    displayName: 'Tia',
    mailNickname: 'tia',
    userPrincipalName: `tia@${domain}`,
  })
  const answer = await service.api('POST', `/domains/${domain}/forceDelete`, {})
  t.equal(answer.status, 400, 'behind the guests there is an account that would keep a name of nobody')
  t.equal(answer.body.error.innerError.code, 'domainTooLarge')
  t.equal((await service.api('GET', `/domains/${domain}`)).status, 200)
  t.equal((await service.api('GET', `/users/${tia.id}`)).body.userPrincipalName, `tia@${domain}`)
})
