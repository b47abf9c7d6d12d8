/** A parsed `$filter`. `position` counts characters of the decoded filter from 0, as OData's messages do. */
export type FilterNode = Junction | Negation | Comparison | Membership | StringMatch | Lambda

export type Junction = { kind: 'and' | 'or'; items: FilterNode[]; position: number }
export type Negation = { kind: 'not'; item: FilterNode; position: number }
export type Comparison = {
  kind: 'compare'
  operator: ComparisonOperator
  subject: Subject
  value: Literal
  position: number
}
export type Membership = { kind: 'in'; subject: PropertyPath; values: Literal[]; position: number }
export type StringMatch = {
  kind: 'match'
  operator: MatchOperator
  subject: PropertyPath
  value: Literal
  position: number
}
/** `path/any(x:condition)`; `any()` without a condition asks whether there is an item at all. */
export type Lambda = {
  kind: 'lambda'
  quantifier: 'any' | 'all'
  subject: PropertyPath
  /** Absent with `any()`. */
  body?: { variable: string; condition: FilterNode }
  position: number
}

export type ComparisonOperator = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type MatchOperator = 'startsWith' | 'endsWith' | 'contains'

export type Subject = PropertyPath | Count
/** `steps` are the names between the slashes; with a `variable` they start at the item of that lambda, and may be none. */
export type PropertyPath = { kind: 'property'; variable?: string; steps: string[]; position: number }
/** `path/$count`: how many items a collection has. */
export type Count = { kind: 'count'; of: PropertyPath; position: number }

export type Literal = { kind: 'literal'; position: number } & (
  | { type: 'string'; value: string }
  | { type: 'number'; value: number }
  | { type: 'boolean'; value: boolean }
  | { type: 'null'; value: null }
  /** Lower case. */
  | { type: 'guid'; value: string }
  /** UTC with microseconds, as `parseDateTime` gives it; a bare date is the start of its day. */
  | { type: 'dateTime'; value: string }
)

/** A path as it is written: `employeeOrgData/division`, `x/issuer`. */
export function pathText(path: PropertyPath): string {
  return [...(path.variable === undefined ? [] : [path.variable]), ...path.steps].join('/')
}

/** The names of the resource's own properties that a filter looks at, each once. */
export function propertiesOf(node: FilterNode): Set<string> {
  switch (node.kind) {
    case 'and':
    case 'or':
      return new Set(node.items.flatMap((item) => [...propertiesOf(item)]))
    case 'not':
      return propertiesOf(node.item)
    case 'lambda': {
      const inside = node.body ? propertiesOf(node.body.condition) : []
      return new Set([...nameOf(node.subject), ...inside])
    }
    case 'compare':
      return new Set(nameOf(node.subject.kind === 'count' ? node.subject.of : node.subject))
    case 'in':
    case 'match':
      return new Set(nameOf(node.subject))
  }
}

/** Steps from the item of a lambda are no properties of the resource. */
function nameOf({ variable, steps: [name] }: PropertyPath): string[] {
  return variable === undefined && name !== undefined ? [name] : []
}
