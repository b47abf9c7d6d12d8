import type { FilterNode, PropertyPath, Subject } from './filter-tree.js'

/** Gives a name its own spelling, whatever the case it was written in; a name that is not known stays as it is. */
export type Speller = (name: string) => string

/**
 * Names of properties are read in any case, as Graph reads them (`Get-MgUser -Filter "DisplayName eq …"`), and answered
 * in their own. The table is made when a name is first met that is not spelled as it should be.
 */
export function spellerOf(known: Iterable<string>): Speller {
  let exact: ReadonlySet<string> | undefined
  let folded: ReadonlyMap<string, string> | undefined
  return (name) => {
    exact ??= known instanceof Set ? known : new Set(known)
    if (exact.has(name)) return name
    folded ??= new Map([...exact].map((each) => [each.toLowerCase(), each]))
    return folded.get(name.toLowerCase()) ?? name
  }
}

/**
 * The filter with every name in its own spelling. `spellers.path` knows whole paths, those from the items of a
 * collection after its own (`identities/issuer`); `spellers.property` the first step of the others.
 */
export function withOwnNames(node: FilterNode, spellers: { path: Speller; property: Speller }): FilterNode {
  return respell(node, spellers, new Map())
}

/** The collections whose items the variables around a condition stand for. */
type Variables = ReadonlyMap<string, string>
type Spellers = Parameters<typeof withOwnNames>[1]

function respell(node: FilterNode, spellers: Spellers, variables: Variables): FilterNode {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { ...node, items: node.items.map((item) => respell(item, spellers, variables)) }
    case 'not':
      return { ...node, item: respell(node.item, spellers, variables) }
    case 'compare':
      return { ...node, subject: ofSubject(node.subject, spellers, variables) }
    case 'in':
    case 'match':
      return { ...node, subject: ofPath(node.subject, spellers, variables) }
    case 'lambda': {
      const subject = ofPath(node.subject, spellers, variables)
      if (!node.body) return { ...node, subject }
      const { variable, condition } = node.body
      const inner = new Map([...variables, [variable, subject.steps.join('/')]])
      return { ...node, subject, body: { variable, condition: respell(condition, spellers, inner) } }
    }
  }
}

function ofSubject(subject: Subject, spellers: Spellers, variables: Variables): Subject {
  return subject.kind === 'count'
    ? { ...subject, of: ofPath(subject.of, spellers, variables) }
    : ofPath(subject, spellers, variables)
}

function ofPath(path: PropertyPath, { path: spell, property }: Spellers, variables: Variables): PropertyPath {
  const { variable, steps } = path
  if (steps.length === 0) return path
  if (variable === undefined) {
    const [first = '', ...rest] = spell(steps.join('/')).split('/')
    return { ...path, steps: [property(first), ...rest] }
  }
  const start = `${variables.get(variable) ?? ''}/`
  const whole = spell(start + steps.join('/'))
  return { ...path, steps: whole.slice(start.length).split('/') }
}
