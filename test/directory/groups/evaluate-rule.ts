import type { RuleNode, RuleTest } from '../../../src/directory/groups/dynamic/rule-tree.js'

/** A user as the in-memory evaluator sees one: values by the names of rules. */
export type RuleUser = {
  texts: Partial<Record<string, string | null>>
  accountEnabled: boolean
  lists: { otherMails: string[]; proxyAddresses: string[] }
}

/** What a rule says of a user, told by nothing but its tree: the other half of the property test. */
export function evaluateRule(node: RuleNode, user: RuleUser, item?: string): boolean {
  switch (node.op) {
    case 'and':
      return node.items.every((inner) => evaluateRule(inner, user, item))
    case 'or':
      return node.items.some((inner) => evaluateRule(inner, user, item))
    case 'not':
      return !evaluateRule(node.item, user, item)
    case 'any':
      return user.lists[node.list].some((value) => evaluateRule(node.item, user, value))
    case 'all':
      return user.lists[node.list].every((value) => evaluateRule(node.item, user, value))
    case 'is':
      return user.accountEnabled === node.value
    default:
      return evaluateTest(node, factOf(node.property, user, item))
  }
}

function factOf(property: string, user: RuleUser, item: string | undefined): string | null {
  if (property === '_') return item ?? null
  return property === 'accountEnabled' ? String(user.accountEnabled) : (user.texts[property] ?? null)
}

function evaluateTest(test: Exclude<RuleTest, { op: 'is' }>, value: string | null): boolean {
  if (test.op === 'null') return value === null
  if (value === null) return false
  const folded = value.toLowerCase()
  switch (test.op) {
    case 'eq':
      return folded === test.value.toLowerCase()
    case 'startsWith':
      return folded.startsWith(test.value.toLowerCase())
    case 'contains':
      return folded.includes(test.value.toLowerCase())
    case 'match':
      // The stored pattern is PostgreSQL's; what tests generate is spelled the same in both but for word boundaries.
      return new RegExp(test.value.replaceAll('\\y', '\\b').replaceAll('\\Y', '\\B'), 'is').test(value)
    case 'in':
      return test.values.some((one) => one.toLowerCase() === folded)
  }
}
