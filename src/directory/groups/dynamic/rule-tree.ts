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
const BOOLEANS = { accountEnabled: 'accountEnabled' } as const
const LISTS = { otherMails: 'otherMails', proxyAddresses: 'proxyAddresses' } as const

export type TextName = (typeof TEXTS)[keyof typeof TEXTS]
export type BooleanName = keyof typeof BOOLEANS
export type ListName = keyof typeof LISTS
export type RulePropertyName = TextName | BooleanName

/** What a name in a rule stands for. */
export type RuleProperty =
  | { kind: 'text'; name: TextName }
  | { kind: 'boolean'; name: BooleanName }
  | { kind: 'list'; name: ListName }

const properties: ReadonlyMap<string, RuleProperty> = new Map<string, RuleProperty>([
  ...Object.entries(TEXTS).map(([name, stored]): [string, RuleProperty] => [
    name.toLowerCase(),
    { kind: 'text', name: stored },
  ]),
  ...Object.values(BOOLEANS).map((name): [string, RuleProperty] => [name.toLowerCase(), { kind: 'boolean', name }]),
  ...Object.values(LISTS).map((name): [string, RuleProperty] => [name.toLowerCase(), { kind: 'list', name }]),
])

/** The property that a rule calls `user.<name>`, whatever its case. */
export function ruleProperty(name: string): RuleProperty | undefined {
  return properties.get(name.toLowerCase())
}

/** Every property of one text, by its stored name. */
export const TEXT_PROPERTIES: readonly TextName[] = [...new Set(Object.values(TEXTS))]
