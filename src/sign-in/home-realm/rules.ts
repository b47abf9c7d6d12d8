import { identityNames } from '../authority/rules.js'

/** How somebody may prove themselves to an organization. `key` names it in forms. */
export type Home =
  /** Another organization of this deployment, whose domain the address has. */
  | { kind: 'tenant'; key: string; tenantId: string; name: string }
  | { kind: 'provider'; key: string; providerId: string; name: string; provider: ProviderFacts['kind'] }
  | { kind: 'passcode'; key: string }
  /** An account at the organization itself, for people who have no other: it is made on the spot. */
  | { kind: 'local'; key: string }

/** A home that browsers are sent to. */
export type Elsewhere = Extract<Home, { kind: 'tenant' | 'provider' }>

/** A provider, as far as the way to it is concerned. */
export type ProviderFacts = {
  id: string
  kind: 'google' | 'facebook' | 'microsoft' | 'oidc' | 'saml'
  displayName: string
  issuer: string | null
  /** Whose people it speaks for; of Google beside its own domains. */
  domains: readonly string[]
}

/** Graph: b2bIdentityProvidersType. */
export const PRECEDENCE = ['azureActiveDirectory', 'externalFederation', 'socialIdentityProviders'] as const
export const FALLBACKS = ['defaultConfiguredIdp', 'emailOneTimePasscode', 'microsoftAccount'] as const

export type RedemptionOrder = {
  /** Which kinds of homes come before which; one that is left out is not looked for. */
  precedence: readonly (typeof PRECEDENCE)[number][]
  /** What is left when no home is known. */
  fallback: (typeof FALLBACKS)[number]
  passcodeEnabled: boolean
  /** Whether people without any other way make an account here. */
  localEnabled: boolean
  /** Domains with a home whose people may use a passcode all the same. */
  passcodeDomains: readonly string[]
}

export const DEFAULT_ORDER: RedemptionOrder = {
  precedence: PRECEDENCE,
  fallback: 'defaultConfiguredIdp',
  passcodeEnabled: true,
  localEnabled: true,
  passcodeDomains: [],
}

/** Addresses that Google itself gives out. */
const GOOGLE_DOMAINS = ['gmail.com', 'googlemail.com']
/** Addresses that Microsoft itself gives out to people without an organization. */
const MICROSOFT_DOMAINS = ['outlook.com', 'hotmail.com', 'live.com', 'msn.com']

const passcode: Home = { kind: 'passcode', key: 'code' }
const local: Home = { kind: 'local', key: 'account' }

/**
 * Where a person whom nobody has seen yet may prove an address, the best first (spec: redemption, identity-provider
 * discovery). None: no way in, which only the organization can mend; its pages say so. A passcode is not among them where a home speaks
 * for the domain, or whoever reads the mailbox would get around the home (design section 8.3).
 */
export function homesOf(question: {
  domain: string
  /** The organization of this deployment that has verified the domain, unless it is the one that asks. */
  tenant: { id: string; name: string } | undefined
  providers: readonly ProviderFacts[]
  order: RedemptionOrder
}): Home[] {
  const { domain, order } = question
  const [known] = order.precedence.map((kind) => homeOf(kind, question)).filter((homes) => homes.length > 0)
  if (!known) return fallbackOf(question.providers, order)
  return order.passcodeEnabled && order.passcodeDomains.includes(domain) ? [...known, passcode] : known
}

function homeOf(
  kind: RedemptionOrder['precedence'][number],
  { domain, tenant, providers }: Pick<Parameters<typeof homesOf>[0], 'domain' | 'tenant' | 'providers'>,
): Home[] {
  const one = (wanted: ProviderFacts['kind']) => providers.filter((provider) => provider.kind === wanted).map(homeAt)
  switch (kind) {
    case 'azureActiveDirectory':
      // The same address may be a personal Microsoft account, too, and only its owner knows.
      return tenant
        ? [{ kind: 'tenant', key: 'organization', tenantId: tenant.id, name: tenant.name }, ...one('microsoft')]
        : []
    case 'externalFederation': {
      const federations = providers.filter((provider) => provider.kind === 'oidc' || provider.kind === 'saml')
      return federations.filter(({ domains }) => domains.includes(domain)).map(homeAt)
    }
    case 'socialIdentityProviders': {
      const social = providers.filter((provider) => provider.kind === 'google' || provider.kind === 'microsoft')
      return social.filter((provider) => givesOut(provider, domain)).map(homeAt)
    }
  }
}

function givesOut({ kind, domains }: ProviderFacts, domain: string): boolean {
  const own = kind === 'google' ? GOOGLE_DOMAINS : MICROSOFT_DOMAINS
  return own.includes(domain) || domains.includes(domain)
}

/** What is left when no home is known. An account here is the last of all, so that nobody makes one without need. */
function fallbackOf(providers: readonly ProviderFacts[], order: RedemptionOrder): Home[] {
  const microsoft = providers.filter(({ kind }) => kind === 'microsoft').map(homeAt)
  const code = order.passcodeEnabled ? [passcode] : []
  const ways = () => {
    switch (order.fallback) {
      case 'emailOneTimePasscode':
        return code
      case 'microsoftAccount':
        return microsoft
      case 'defaultConfiguredIdp':
        // Whether such an account exists is Microsoft's secret, so the person chooses.
        return [...microsoft, ...code]
    }
  }
  const left = ways()
  return left.length === 0 && order.localEnabled ? [local] : left
}

function homeAt({ id, kind, displayName }: ProviderFacts): Home {
  const key = kind === 'oidc' || kind === 'saml' ? 'organization' : kind
  return { kind: 'provider', key, providerId: id, name: displayName, provider: kind }
}

/**
 * Where a guest who has accepted may sign in: at the homes they are known by and nowhere else, whatever the order is
 * today. None: those homes are gone, and an administrator has to reset the redemption.
 */
export function boundHomes(question: {
  identities: readonly { issuer: string; subject: string }[]
  /** Organizations of this deployment that identities name. */
  tenants: readonly { id: string; name: string }[]
  providers: readonly ProviderFacts[]
  /** The organization's own: what they are the issuer of are accounts here (Graph: objectIdentity). */
  domains: readonly string[]
  passcodeEnabled: boolean
  localEnabled: boolean
}): Home[] {
  const homes = question.identities.flatMap((identity) => boundHome(identity, question))
  return homes.filter((home, index) => homes.findIndex(({ key }) => key === home.key) === index)
}

function boundHome(
  { issuer, subject }: { issuer: string; subject: string },
  { tenants, providers, domains, passcodeEnabled, localEnabled }: Parameters<typeof boundHomes>[0],
): Home[] {
  const here = localEnabled ? [local] : []
  const of = (kind: ProviderFacts['kind']) => providers.filter((provider) => provider.kind === kind).map(homeAt)
  switch (issuer) {
    case identityNames.mail:
      // Who they are is whoever reads the mailbox, and that is proved once more for a password or a passkey.
      return passcodeEnabled ? [passcode] : here
    case identityNames.google:
      return of('google')
    case identityNames.facebook:
      return of('facebook')
    case identityNames.microsoftAccount:
      return of('microsoft')
    case identityNames.directory: {
      const [directoryId] = subject.split('/')
      const tenant = tenants.find(({ id }) => id === directoryId)
      if (!tenant) return of('microsoft')
      return [{ kind: 'tenant', key: 'organization', tenantId: tenant.id, name: tenant.name }]
    }
    default: {
      if (domains.includes(issuer)) return here
      // Of Microsoft each directory is an issuer, also where its endpoints are others than Graph means.
      const named = providers.filter((provider) => provider.issuer === issuer)
      return (
        named.length > 0 ? named : providers.filter(({ kind, issuer }) => kind === 'microsoft' && issuer === null)
      ).map(homeAt)
    }
  }
}

/** Whether an account here is one of the ways. */
export function takesLocal(homes: readonly Home[]): boolean {
  return homes.some(({ kind }) => kind === 'local')
}

/** Whether a passcode is one of the ways. */
export function takesPasscode(homes: readonly Home[]): boolean {
  return homes.some(({ kind }) => kind === 'passcode')
}
