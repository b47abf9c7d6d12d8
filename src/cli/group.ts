import { facts, printable } from './text.js'

/** A group as the API shows it, as far as commands look at it. */
export type Group = {
  id: string
  displayName: string
  description: string | null
  groupTypes: string[]
  mail: string | null
  securityEnabled: boolean
  visibility: string | null
  membershipRule: string | null
  membershipRuleProcessingState: string | null
  createdDateTime: string
}

/** What `$select` asks for. */
export const GROUP_PROPERTIES = [
  'id',
  'displayName',
  'description',
  'groupTypes',
  'mail',
  'securityEnabled',
  'visibility',
  'membershipRule',
  'membershipRuleProcessingState',
  'createdDateTime',
] as const

/** `security` or `microsoft365`, and whether a rule fills it. */
export function kindOf({ groupTypes }: Group): string {
  const kind = groupTypes.includes('Unified') ? 'microsoft365' : 'security'
  return groupTypes.includes('DynamicMembership') ? `${kind}, dynamic` : kind
}

export function groupFacts(group: Group): string {
  return facts([
    ['id', group.id],
    ['displayName', group.displayName],
    ['kind', kindOf(group)],
    ['description', group.description ?? undefined],
    ['mail', group.mail ?? undefined],
    ['visibility', group.visibility ?? undefined],
    ['membershipRule', group.membershipRule ?? undefined],
    ['processing', group.membershipRuleProcessingState ?? undefined],
    ['createdDateTime', group.createdDateTime],
  ])
}

export function groupLine(id: string, kind: string, name: string): string {
  return `${id.padEnd(36)}  ${kind.padEnd(21)}  ${printable(name)}\n`
}
