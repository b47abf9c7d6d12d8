export type RouteNode = {
  literals: Map<string, RouteNode>
  /** The same names in lower case. */
  folded: Map<string, string>
  patterns: { source: string; test: RegExp; node: RouteNode }[]
  methods: Set<string>
  /** `*`: everything below belongs to the route. */
  takesAll: boolean
}

const emptyNode = (): RouteNode => ({
  literals: new Map(),
  folded: new Map(),
  patterns: [],
  methods: new Set(),
  takesAll: false,
})

const PARAMETER = /^:\w+$/

/**
 * The routes by path segment, to explain a miss (which segment is unknown, or which methods would do) and to tell names
 * from keys. The router itself cannot be asked for either.
 */
export class RouteTree {
  readonly root = emptyNode()
  /** Paths with `*` for ids that were found to be spelled as their routes are (spelling.ts). */
  readonly wellSpelled = new Set<string>()

  /** Takes in a route as it was registered, parameters and all. */
  add(method: string | readonly string[], url: string): void {
    this.wellSpelled.clear()
    let node = this.root
    for (const segment of segmentsOf(url)) node = child(node, segment)
    for (const name of [method].flat()) node.methods.add(name)
  }

  /**
   * Methods of the routes whose path this is, or else the first segment no route knows. `path` has no query.
   * A path that stops short of any route counts its last segment as the unknown one.
   */
  explain(path: string): { methods: string[] } | { unknownSegment: string } {
    let nodes = [this.root]
    const segments = segmentsOf(path).map(decode)
    for (const segment of segments) {
      const next = nodes.flatMap((node) => follow(node, segment))
      if (next.length === 0) return { unknownSegment: segment }
      nodes = next
    }
    const methods = [...new Set(nodes.flatMap((node) => [...node.methods]))].sort()
    return methods.length > 0 ? { methods } : { unknownSegment: segments.at(-1) ?? '' }
  }

  /** The name some route has at this place, given in whatever case. */
  literal(nodes: readonly RouteNode[], name: string): string | undefined {
    const exact = nodes.some((node) => node.literals.has(name))
    return exact ? name : nodes.map((node) => node.folded.get(name.toLowerCase())).find((found) => found !== undefined)
  }

  /** Where a segment leads. */
  follow(nodes: readonly RouteNode[], segment: string): RouteNode[] {
    return nodes.flatMap((node) => follow(node, segment))
  }

  /** Where a segment leads that a route spells in part: `groups(uniqueName=':name')`. */
  spelledOut(nodes: readonly RouteNode[], segment: string): RouteNode[] {
    const partly = nodes.flatMap((node) => node.patterns.filter(({ source }) => !PARAMETER.test(source)))
    return partly.filter(({ source, test }) => source !== '*' && test.test(segment)).map((pattern) => pattern.node)
  }

  /** Where a key leads, whatever it is. */
  parameters(nodes: readonly RouteNode[]): RouteNode[] {
    return nodes.flatMap((node) =>
      node.patterns.filter(({ source }) => PARAMETER.test(source)).map((pattern) => pattern.node),
    )
  }
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function child(node: RouteNode, segment: string): RouteNode {
  if (segment === '*') node.takesAll = true
  if (!/[:*]/.test(segment.replaceAll('::', ''))) {
    const literal = segment.replaceAll('::', ':')
    node.folded.set(literal.toLowerCase(), literal)
    return getOrAdd(node.literals, literal)
  }
  const existing = node.patterns.find(({ source }) => source === segment)
  if (existing) return existing.node
  const pattern = { source: segment, test: toRegExp(segment), node: emptyNode() }
  if (segment === '*') pattern.node.takesAll = true
  node.patterns.push(pattern)
  return pattern.node
}

function getOrAdd(literals: Map<string, RouteNode>, name: string): RouteNode {
  const node = literals.get(name) ?? emptyNode()
  literals.set(name, node)
  return node
}

function follow(node: RouteNode, segment: string): RouteNode[] {
  const literal = node.literals.get(segment)
  const matching = node.patterns.filter(({ test }) => test.test(segment)).map((pattern) => pattern.node)
  const found = literal ? [literal, ...matching] : matching
  return node.takesAll && found.length === 0 ? [node] : found
}

// One parameter takes anything; the rest of the segment is literal.
function toRegExp(segment: string): RegExp {
  const parts = segment.split(/(?::[A-Za-z0-9_]+(?:\([^)]*\))?\??|\*)/)
  const literal = parts.map((part) => part.replaceAll('::', ':').replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('[^/]*')}$`, 's')
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
