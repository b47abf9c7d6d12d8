import { isExtensionName } from '../../extensions/values.js'

/**
 * A membership rule as it is stored and compiled. Negated operators are `not` around their positive form, an operator
 * on a list is `any` around itself, so that every evaluator has few cases: no condition is ever neither true nor false.
 */
export type RuleNode =
  | { op: 'and' | 'or'; items: RuleNode[] }
  | { op: 'not'; item: RuleNode }
  | { op: 'any' | 'all'; list: ListName; item: RuleNode }
  | RuleTest

/** A question about one value; `_` is the item that `any` or `all` looks at. */
export type RuleTest =
  | { op: 'null'; property: RulePropertyName | '_' }
  | { op: 'is'; property: BooleanName; value: boolean }
  | { op: 'eq' | 'startsWith' | 'contains' | 'match'; property: TextName | '_'; value: string }
  | { op: 'in'; property: TextName | '_'; values: string[] }

/** Names of rules are not those of Graph's user resource (`mobile`, `physicalDeliveryOfficeName`); Graph's do as well. */
const TEXTS = {
  city: 'city',
  companyName: 'companyName',
  country: 'country',
  creationType: 'creationType',
  department: 'department',
  displayName: 'displayName',
  employeeId: 'employeeId',
  externalUserState: 'externalUserState',
  givenName: 'givenName',
  jobTitle: 'jobTitle',
  mail: 'mail',
  mailNickName: 'mailNickName',
  mobile: 'mobile',
  mobilePhone: 'mobile',
  objectId: 'objectId',
  officeLocation: 'physicalDeliveryOfficeName',
  physicalDeliveryOfficeName: 'physicalDeliveryOfficeName',
  postalCode: 'postalCode',
  preferredLanguage: 'preferredLanguage',
  state: 'state',
  streetAddress: 'streetAddress',
  surname: 'surname',
  telephoneNumber: 'telephoneNumber',
  usageLocation: 'usageLocation',
  userPrincipalName: 'userPrincipalName',
  userType: 'userType',
} as const
/** A directory extension, by its name in lower case. */
export type ExtensionName = `extension_${string}`
/** `extensionAttribute1` to `15`. */
export type AttributeName = `extensionAttribute${number}`

const BOOLEANS = { accountEnabled: 'accountEnabled' } as const
const LISTS = { otherMails: 'otherMails', proxyAddresses: 'proxyAddresses' } as const

export type TextName = (typeof TEXTS)[keyof typeof TEXTS] | AttributeName | ExtensionName
export type BooleanName = keyof typeof BOOLEANS
export type ListName = keyof typeof LISTS
export type RulePropertyName = TextName | BooleanName

/** What a name in a rule stands for. */
export type RuleProperty =
  | { kind: 'text'; name: TextName }
  | { kind: 'boolean'; name: BooleanName }
  | { kind: 'list'; name: ListName }

const ATTRIBUTES = Array.from({ length: 15 }, (_, n): AttributeName => `extensionAttribute${n + 1}`)

const properties: ReadonlyMap<string, RuleProperty> = new Map<string, RuleProperty>([
  ...Object.entries(TEXTS).map(([name, stored]): [string, RuleProperty] => [
    name.toLowerCase(),
    { kind: 'text', name: stored },
  ]),
  ...ATTRIBUTES.map((name): [string, RuleProperty] => [name.toLowerCase(), { kind: 'text', name }]),
  ...Object.values(BOOLEANS).map((name): [string, RuleProperty] => [name.toLowerCase(), { kind: 'boolean', name }]),
  ...Object.values(LISTS).map((name): [string, RuleProperty] => [name.toLowerCase(), { kind: 'list', name }]),
])

/** The property that a rule calls `user.<name>`, whatever its case. Whether an extension is there is asked later. */
export function ruleProperty(name: string): RuleProperty | undefined {
  const folded = name.toLowerCase()
  return isFoldedExtension(folded) ? { kind: 'text', name: folded } : properties.get(folded)
}

function isFoldedExtension(folded: string): folded is ExtensionName {
  return isExtensionName(folded)
}

/** The directory extensions that a rule looks at, each once. */
export function extensionsOfRule(node: RuleNode): Set<ExtensionName> {
  switch (node.op) {
    case 'and':
    case 'or':
      return new Set(node.items.flatMap((item) => [...extensionsOfRule(item)]))
    case 'not':
    case 'any':
    case 'all':
      return extensionsOfRule(node.item)
    default:
      return new Set(isFoldedExtension(node.property) ? [node.property] : [])
  }
}

/** Every property of one text that is always there, by its stored name. */
export const TEXT_PROPERTIES: readonly TextName[] = [...new Set(Object.values(TEXTS)), ...ATTRIBUTES]
