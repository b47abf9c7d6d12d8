import t from 'tap'
import { startService } from '../../support/service.js'

t.test('filters on what no group here has find nobody, and everybody where they ask for its absence', async (t) => {
  const { api } = await startService(t, { workers: false })
  const group = { displayName: 'Any', mailEnabled: false, mailNickname: 'any', securityEnabled: true }
  t.equal((await api('POST', '/groups', group)).status, 201)
  const cases: [string, string[]][] = [
    ["resourceProvisioningOptions/Any(x:x eq 'Team')", []],
    ["not(resourceProvisioningOptions/any(x:x eq 'Team'))", ['Any']],
    ['onPremisesSyncEnabled eq true', []],
    ['onPremisesSyncEnabled ne true', ['Any']],
    ['onPremisesSyncEnabled eq null', ['Any']],
    ["onPremisesSamAccountName eq 'any'", []],
    ["onPremisesSecurityIdentifier eq 'S-1-5-21'", []],
    ['onPremisesLastSyncDateTime ge 2020-01-01T00:00:00Z', []],
    ['expirationDateTime le 2030-01-01T00:00:00Z', []],
    ['assignedLicenses/any(l:l/skuId eq 6fd2c87f-b296-42f0-b197-1e91e994b900)', []],
    ['assignedLicenses/$count eq 0', ['Any']],
    ['hasMembersWithLicenseErrors eq true', []],
    ['hasMembersWithLicenseErrors eq false', ['Any']],
    ['securityEnabled in (true)', ['Any']],
    ['securityEnabled in (false)', []],
  ]
  for (const [filter, names] of cases) {
    const path = `/groups?$count=true&$select=displayName&$filter=${encodeURIComponent(filter)}`
    const { body, text } = await api('GET', path, undefined, { headers: { consistencylevel: 'eventual' } })
    t.strictSame(
      body.value?.map(({ displayName }: { displayName: string }) => displayName),
      names,
      `${filter}: ${text}`,
    )
  }
})
