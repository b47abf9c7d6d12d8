import t from 'tap'
import {
  boundHomes,
  DEFAULT_ORDER,
  type Home,
  homesOf,
  type ProviderFacts,
  type RedemptionOrder,
} from '../../src/sign-in/home-realm/rules.js'

const google: ProviderFacts = {
  id: 'Google-OAUTH',
  kind: 'google',
  displayName: 'Google',
  issuer: 'https://accounts.google.com',
  domains: ['workspace.example'],
}
const microsoft: ProviderFacts = {
  id: 'Microsoft-OAUTH',
  kind: 'microsoft',
  displayName: 'Microsoft',
  issuer: null,
  domains: [],
}
const facebook: ProviderFacts = {
  id: 'Facebook-OAUTH',
  kind: 'facebook',
  displayName: 'Facebook',
  issuer: 'https://www.facebook.com',
  domains: [],
}
const saml: ProviderFacts = {
  id: 's',
  kind: 'saml',
  displayName: 'Saml',
  issuer: 'urn:saml',
  domains: ['saml.example', 'both.example'],
}
const oidc: ProviderFacts = {
  id: 'o',
  kind: 'oidc',
  displayName: 'Oidc',
  issuer: 'https://oidc.example',
  domains: ['oidc.example'],
}
const all = [google, microsoft, facebook, saml, oidc]
const tenant = { id: 'proseware', name: 'Proseware' }

/** `kind:id` of each, best first. */
const names = (homes: Home[]) =>
  homes.map((home) =>
    home.kind === 'tenant' ? `tenant:${home.tenantId}` : home.kind === 'provider' ? home.providerId : home.key,
  )

type Case = [
  title: string,
  domain: string,
  given: { providers?: ProviderFacts[]; tenant?: typeof tenant; order?: Partial<RedemptionOrder> },
  ways: string[],
]

const cases: Case[] = [
  ['nothing configured: a code', 'partner.example', {}, ['code']],
  ['a federation of the domain', 'saml.example', { providers: all }, ['s']],
  ['OpenID Connect is a federation too', 'oidc.example', { providers: all }, ['o']],
  ['a federation speaks for its domain, not for what lies below it', 'a.saml.example', { providers: [saml] }, ['code']],
  ['a federation that looks alike', 'notsaml.example', { providers: [saml] }, ['code']],
  ['gmail', 'gmail.com', { providers: all }, ['Google-OAUTH']],
  ['gmail by its other name', 'googlemail.com', { providers: all }, ['Google-OAUTH']],
  ['gmail without Google', 'gmail.com', {}, ['code']],
  ['a Workspace domain that an administrator named', 'workspace.example', { providers: all }, ['Google-OAUTH']],
  ['a Microsoft address', 'outlook.com', { providers: all }, ['Microsoft-OAUTH']],
  [
    'no home known: Microsoft may have it, and a code works',
    'partner.example',
    { providers: all },
    ['Microsoft-OAUTH', 'code'],
  ],
  ['Facebook is never part of it', 'facebook.com', { providers: [facebook] }, ['code']],
  ['another organization of this deployment', 'proseware.example', { tenant }, ['tenant:proseware']],
  [
    'that one, and the same address may be a Microsoft account: the person chooses',
    'proseware.example',
    { tenant, providers: all },
    ['tenant:proseware', 'Microsoft-OAUTH'],
  ],
  ['an organization comes before a federation', 'both.example', { tenant, providers: [saml] }, ['tenant:proseware']],
  [
    'unless the order says otherwise',
    'both.example',
    {
      tenant,
      providers: [saml],
      order: { precedence: ['externalFederation', 'azureActiveDirectory', 'socialIdentityProviders'] },
    },
    ['s'],
  ],
  [
    'what is left out of the order is not looked for',
    'saml.example',
    { providers: [saml], order: { precedence: [] } },
    ['code'],
  ],
  [
    'an order without social providers',
    'gmail.com',
    { providers: [google], order: { precedence: ['azureActiveDirectory', 'externalFederation'] } },
    ['code'],
  ],
  [
    'fallback: a code only',
    'partner.example',
    { providers: all, order: { fallback: 'emailOneTimePasscode' } },
    ['code'],
  ],
  [
    'fallback: Microsoft only',
    'partner.example',
    { providers: all, order: { fallback: 'microsoftAccount' } },
    ['Microsoft-OAUTH'],
  ],
  [
    'passcodes off, Microsoft on',
    'partner.example',
    { providers: all, order: { passcodeEnabled: false } },
    ['Microsoft-OAUTH'],
  ],
  [
    'passcodes off and nothing else: an account here',
    'partner.example',
    { order: { passcodeEnabled: false } },
    ['account'],
  ],
  [
    'unless those are switched off as well: no way in',
    'partner.example',
    { order: { passcodeEnabled: false, localEnabled: false } },
    [],
  ],
  ['no downgrade: a home speaks for the domain, so no code', 'saml.example', { providers: [saml] }, ['s']],
  [
    'unless an administrator allows it for that domain',
    'saml.example',
    { providers: [saml], order: { passcodeDomains: ['saml.example'] } },
    ['s', 'code'],
  ],
  [
    'which means nothing while passcodes are off',
    'saml.example',
    { providers: [saml], order: { passcodeDomains: ['saml.example'], passcodeEnabled: false } },
    ['s'],
  ],
  [
    'and nothing for another domain',
    'saml.example',
    { providers: [saml], order: { passcodeDomains: ['oidc.example'] } },
    ['s'],
  ],
]

t.test('where somebody new may prove an address', async (t) => {
  for (const [title, domain, { providers = [], tenant, order }, ways] of cases) {
    const homes = homesOf({ domain, providers, tenant, order: { ...DEFAULT_ORDER, ...order } })
    t.strictSame(names(homes), ways, title)
    t.equal(new Set(homes.map(({ key }) => key)).size, homes.length, `${title}: each way has a name of its own`)
  }
})

/** `microsoftAccount` is only a fallback where Microsoft is set up, and a code only where codes are on. */
const fallbacks: [order: Partial<RedemptionOrder>, providers: ProviderFacts[], ways: string[]][] = [
  [{ fallback: 'defaultConfiguredIdp', passcodeEnabled: true }, [], ['code']],
  [{ fallback: 'defaultConfiguredIdp', passcodeEnabled: true }, [microsoft], ['Microsoft-OAUTH', 'code']],
  [{ fallback: 'defaultConfiguredIdp', passcodeEnabled: false }, [], ['account']],
  [{ fallback: 'defaultConfiguredIdp', passcodeEnabled: false }, [microsoft], ['Microsoft-OAUTH']],
  [{ fallback: 'emailOneTimePasscode', passcodeEnabled: true }, [], ['code']],
  [{ fallback: 'emailOneTimePasscode', passcodeEnabled: true }, [microsoft], ['code']],
  [{ fallback: 'emailOneTimePasscode', passcodeEnabled: false }, [], ['account']],
  [{ fallback: 'emailOneTimePasscode', passcodeEnabled: false }, [microsoft], ['account']],
  [{ fallback: 'microsoftAccount', passcodeEnabled: true }, [], ['account']],
  [{ fallback: 'microsoftAccount', passcodeEnabled: true }, [microsoft], ['Microsoft-OAUTH']],
  [{ fallback: 'microsoftAccount', passcodeEnabled: false }, [], ['account']],
  [{ fallback: 'microsoftAccount', passcodeEnabled: false }, [microsoft], ['Microsoft-OAUTH']],
]

t.test('whatever the fallback, somebody without a home has a way, or the organization wants none', async (t) => {
  for (const [order, providers, ways] of fallbacks) {
    const title = `${order.fallback}, codes ${order.passcodeEnabled ? 'on' : 'off'}, ${providers.length} providers`
    const question = { domain: 'partner.example', providers, tenant: undefined }
    t.strictSame(names(homesOf({ ...question, order: { ...DEFAULT_ORDER, ...order } })), ways, title)
    const off = { ...DEFAULT_ORDER, ...order, localEnabled: false }
    const without = ways.filter((way) => way !== 'account')
    t.strictSame(names(homesOf({ ...question, order: off })), without, `${title}, accounts here off`)
    const atHome = homesOf({ domain: 'saml.example', providers: [...providers, saml], tenant: undefined, order: off })
    t.strictSame(names(atHome), ['s'], `${title}: a home of the domain comes before all of them`)
  }
})

const known: [title: string, identities: [string, string][], passcodeEnabled: boolean, ways: string[]][] = [
  ['by a mailbox', [['mail', 'ana@partner.example']], true, ['code']],
  [
    'by a mailbox, passcodes off since: the mailbox is proved once more, for a password or a passkey',
    [['mail', 'ana@partner.example']],
    false,
    ['account'],
  ],
  ['by an account here', [['contoso.example', 'ana@partner.example']], true, ['account']],
  ['by an account here, passcodes off', [['contoso.example', 'ana@partner.example']], false, ['account']],
  [
    'by a domain that is not this organization’s: no account here, so if anybody knows them Microsoft does',
    [['fabrikam.example', 'ana@partner.example']],
    true,
    ['Microsoft-OAUTH'],
  ],
  ['by Google', [['google.com', '113']], true, ['Google-OAUTH']],
  ['by a Microsoft account', [['MicrosoftAccount', 'x']], true, ['Microsoft-OAUTH']],
  ['by a directory of Microsoft', [['ExternalAzureAD', 'elsewhere/x']], true, ['Microsoft-OAUTH']],
  ['by another organization of this deployment', [['ExternalAzureAD', 'proseware/x']], true, ['tenant:proseware']],
  ['by a SAML federation', [['urn:saml', 'x']], true, ['s']],
  ['by an OpenID provider', [['https://oidc.example', 'x']], true, ['o']],
  [
    'by two',
    [
      ['urn:saml', 'x'],
      ['mail', 'ana@saml.example'],
    ],
    true,
    ['s', 'code'],
  ],
  ['by nothing', [], true, []],
]

t.test('where somebody known may sign in: there and nowhere else', async (t) => {
  for (const [title, identities, passcodeEnabled, ways] of known) {
    const question = {
      identities: identities.map(([issuer, subject]) => ({ issuer, subject })),
      tenants: [tenant],
      providers: all,
      domains: ['contoso.example', 'contoso.test'],
      passcodeEnabled,
      localEnabled: true,
    }
    t.strictSame(names(boundHomes(question)), ways, title)
    const withoutAccounts = ways.filter((way) => way !== 'account')
    t.strictSame(names(boundHomes({ ...question, localEnabled: false })), withoutAccounts, `${title}, accounts off`)
  }
  const gone = boundHomes({
    identities: [{ issuer: 'urn:gone', subject: 'x' }],
    tenants: [],
    providers: [google, saml],
    domains: ['contoso.example'],
    passcodeEnabled: true,
    localEnabled: true,
  })
  t.strictSame(gone, [], 'a home that is gone is none, and no other one takes its place')
})
