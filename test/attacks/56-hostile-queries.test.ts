import t from 'tap'
import { startService } from '../support/service.js'
import { changesNothing, invited } from './scene.js'

const encoded = (option: string, value: string) => `?${option}=${encodeURIComponent(value)}`

t.test('what stands in a query reaches the database as a value or not at all', async (t) => {
  const service = await startService(t, { workers: false })
  const ana = await invited(service, 'ana@partner.example')
  const fabrikam = await service.otherTenant('fabrikam.example')
  const filters = [
    `mail eq 'x' or 1 eq 1`,
    `mail eq 'x'' or ''1''=''1'`,
    `mail eq 'x\\' or 1=1 --'`,
    `mail eq ''; drop table users; --'`,
    `mail eq 'x' union select * from tenants`,
    `mail eq 'x') or (true`,
    `tenantId eq '${fabrikam.tenantId}'`,
    `tenant_id eq '${fabrikam.tenantId}'`,
    `passwordProfile/password eq 'x'`,
    `mail_folded eq 'ana@partner.example'`,
    `"users"."mail" eq 'x'`,
    `pg_sleep(10) eq 1`,
    `mail eq pg_sleep(10)`,
    `startswith(mail, '%')`,
    `id eq '${ana.userId}' or id ne null`,
    `createdDateTime ge 2020-01-01T00:00:00Z'; select pg_sleep(10); --`,
    `mail in ('x'); drop table users`,
    `$count eq 0`,
    `mail eq $1`,
    `mail eq null::text`,
  ]
  await changesNothing(t, service, async () => {
    for (const path of ['/users', '/invitations']) {
      for (const filter of filters) {
        const answer = await service.api('GET', path + encoded('$filter', filter))
        t.ok(answer.status === 200 || answer.status === 400, `${answer.status}: ${filter}`)
        if (answer.status === 200) t.strictSame(answer.body.value, [], filter)
        t.notMatch(answer.text, /at or near|PostgresError|relation "/, 'and no word of the database')
      }
      for (const [option, value] of [
        ['$orderby', 'mail; drop table users'],
        ['$orderby', '(select 1)'],
        ['$search', '"mail:x" or 1=1'],
        ['$select', 'mail,(select password from users)'],
        ['$select', 'tenantId'],
        ['$expand', 'memberOf($select=x)'],
        ['$top', '1; drop table users'],
        ['$top', '-1'],
        ['$top', '1e9'],
        ['$skip', '1'],
        ['$apply', 'aggregate(x)'],
      ] as const) {
        const answer = await service.api('GET', path + encoded(option, value))
        t.equal(answer.status, 400, `${option}=${value}`)
      }
    }
    const names = ["x' or '1'='1", "admin@contoso.example'--", '../../invitations', '%2e%2e/users', "') union select"]
    for (const name of names) {
      const { status } = await service.api('GET', `/users/${encodeURIComponent(name)}`)
      t.ok(status === 404 || status === 400, `${status} ${name}`)
    }
  })
})

t.test('ten thousand parentheses are refused, not followed', async (t) => {
  const service = await startService(t, { workers: false })
  const deep = (levels: number) => `${'('.repeat(levels)}mail eq 'a'${')'.repeat(levels)}`
  const filters = [
    deep(2_000),
    `${'not '.repeat(1_500)}mail eq 'a'`,
    Array.from({ length: 300 }, () => `mail eq 'a'`).join(' or '),
    '('.repeat(5_000),
  ]
  await changesNothing(t, service, async () => {
    for (const filter of filters) {
      const answer = await service.api('GET', `/users?$filter=${encodeURIComponent(filter)}`)
      t.equal(answer.status, 400, `${filter.length} characters`)
    }
    const huge = await service.api('GET', `/users?$filter=${encodeURIComponent(deep(10_000))}`)
    t.ok([400, 414, 431].includes(huge.status), `${huge.status}`)
    t.equal((await service.api('GET', `/users?$filter=${encodeURIComponent(deep(40))}`)).status, 200, 'forty are fine')
  })
})

t.test('a page token is good for the list it was made for and for nothing else', async (t) => {
  const service = await startService(t, { workers: false })
  for (const name of ['ana', 'bo', 'cy']) await invited(service, `${name}@partner.example`)
  const page = await service.api('GET', `/users?$top=1&$filter=${encodeURIComponent(`userType eq 'Guest'`)}`)
  const token = new URL(page.body['@odata.nextLink']).searchParams.get('$skiptoken') ?? ''
  t.ok(token)
  const bytes = Buffer.from(token, 'base64url')
  const flipped = Buffer.from(bytes.map((byte, index) => (index === 12 ? byte ^ 1 : byte))).toString('base64url')
  await changesNothing(t, service, async () => {
    const forged = [
      `/users?$skiptoken=${token}`,
      `/users?$skiptoken=${token}&$filter=${encodeURIComponent(`userType eq 'Member'`)}`,
      `/invitations?$skiptoken=${token}`,
      ...[
        flipped,
        `${token}A`,
        token.slice(1),
        'x',
        `' or 1=1 --`,
        Buffer.from('["00000000-0000-0000-0000-000000000000"]').toString('base64url'),
      ].map(
        (text) => `/users?$skiptoken=${encodeURIComponent(text)}&$filter=${encodeURIComponent(`userType eq 'Guest'`)}`,
      ),
    ]
    for (const path of forged) t.equal((await service.api('GET', path)).status, 400, path.slice(0, 60))
  })
})
