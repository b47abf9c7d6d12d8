import t from 'tap'
import {
  type LeaveObstacle,
  launchUrl,
  leaveObstacle,
  ownerSees,
  ownPath,
  readPage,
  readQuery,
} from '../../src/my-apps/rules.js'
import { browserFamily } from '../../src/sign-in/browser-family.js'

const addresses: [given: string | undefined, opened: string | undefined][] = [
  ['https://wiki.example/start?x=1', 'https://wiki.example/start?x=1'],
  ['HTTPS://wiki.example', 'https://wiki.example/'],
  ['http://localhost:8080/app', 'http://localhost:8080/app'],
  ['http://[::1]:8080/', 'http://[::1]:8080/'],
  ['http://wiki.example/', undefined],
  ['http://localhost.evil.example/', undefined],
  ['https://bank.example@evil.example/', undefined],
  ['javascript:alert(1)', undefined],
  ['JaVaScRiPt:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['//evil.example', undefined],
  ['/relative', undefined],
  ['', undefined],
  [undefined, undefined],
]
for (const [given, opened] of addresses) {
  t.test(`an app at "${given}" opens ${opened ?? 'nothing'}`, async (t) => t.equal(launchUrl(given), opened))
}

const paths: [given: string | undefined, kept: boolean][] = [
  ['/myapps', true],
  ['/myapps?tenant=x&q=%C3%A4', true],
  ['/myapps/open/1?tenant=x', true],
  ['/myaccess/sign-ups/1?tenant=2', true],
  ['/myaccessory', false],
  ['/myaccount/leave?tenant=x', true],
  ['/signin/home?tenant=x&from=y&flow=z', true],
  ['/signin/homeevil', false],
  ['/signin/saml/x', false],
  ['/myappsevil', false],
  ['/redeem?tenant=x', false],
  ['//evil.example/myapps', false],
  ['https://evil.example/myapps', false],
  ['/myapps\r\nset-cookie: x', false],
  ['/myapps?x=ä', false],
  ['', false],
  [undefined, false],
]
for (const [given, kept] of paths) {
  t.test(`"${given}" is ${kept ? 'one' : 'none'} of the pages to come back to`, async (t) =>
    t.equal(ownPath(given), kept ? given : undefined),
  )
}

const leavers: [title: string, allowed: boolean, isExternal: boolean, roles: string[], obstacle?: LeaveObstacle][] = [
  ['a guest leaves', true, true, []],
  ['nobody leaves home', true, false, [], 'atHome'],
  ['nobody leaves where it is off', false, true, [], 'leavingIsOff'],
  ['an administrator hands the role back first', true, true, ['role'], 'holdsRole'],
  ['at home is said first', false, false, ['role'], 'atHome'],
]
for (const [title, allowExternalIdentitiesToLeave, isExternal, roles, obstacle] of leavers) {
  t.test(title, async (t) =>
    t.equal(
      leaveObstacle({ allowExternalIdentitiesToLeave }, { isExternal, directoryRoles: new Set(roles) }),
      obstacle,
    ),
  )
}

t.test('there is always a page, and none beyond the last', async (t) => {
  t.strictSame(readPage(undefined, 0), { page: 1, pages: 1 })
  t.strictSame(readPage('2', 36), { page: 1, pages: 1 })
  t.strictSame(readPage('2', 37), { page: 2, pages: 2 })
  for (const junk of ['0', '-1', '1e3', '99999', 'x']) t.equal(readPage(junk, 100).page, 1, junk)
})

t.test('what is searched for is compared without case, and bounded', async (t) => {
  t.strictSame(readQuery('  Wíki '), { shown: 'Wíki', folded: 'wíki' })
  t.equal(readQuery('x'.repeat(500)).shown.length, 80)
  t.strictSame(readQuery(undefined), { shown: '', folded: '' })
})

t.test('owners see others as far as the organization lets them', async (t) => {
  const reading = { guests: 'restricted', membersReadOthers: true } as const
  t.strictSame(ownerSees({ userType: 'Guest' }, reading), { groups: false, people: false })
  t.strictSame(ownerSees({ userType: 'Guest' }, { ...reading, guests: 'limited' }), { groups: true, people: true })
  t.strictSame(ownerSees({ userType: 'Member' }, reading), { groups: true, people: true })
  t.strictSame(ownerSees({ userType: 'Member' }, { ...reading, membersReadOthers: false }), {
    groups: true,
    people: false,
  })
})

const browsers: [userAgent: string | undefined, family: string | undefined][] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
    'Chrome, Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge, Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1',
    'Safari, iPhone',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/605.1',
    'Safari, macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
    'Chrome, Android',
  ],
  ['<script>alert(1)</script> Firefox/1', 'Firefox'],
  ['curl/8', undefined],
  [`${'x'.repeat(600)} Firefox/1`, undefined],
  [undefined, undefined],
]
for (const [userAgent, family] of browsers) {
  t.test(`"${userAgent?.slice(0, 40)}…" is ${family ?? 'of no known kind'}`, async (t) =>
    t.equal(browserFamily(userAgent), family),
  )
}
