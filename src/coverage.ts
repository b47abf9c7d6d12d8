type Operation = { parameters?: readonly Parameter[] }
type Parameter = { $ref?: string; name?: string; in?: string }
type Paths = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const
/** Graph's description lists it everywhere, and Graph's directory does not support it. */
const NEVER = new Set(['$skip'])

type Line = { operation: string; missing: string[] | undefined }

/**
 * `docs/graph-coverage.md`: for each operation of the contract whether this service serves it, in part (query options
 * that are missing) or not at all. `api` is our own OpenAPI document, `contract` Graph's.
 */
export function coverageOf(api: object, contract: object): string {
  const served = new Map<string, Set<string>>()
  for (const [path, operations] of Object.entries(pathsOf(api))) {
    for (const method of METHODS) {
      const operation = operationOf(operations, method)
      if (operation && path.startsWith('/v1.0/'))
        served.set(`${method} ${canonical(path.slice(5))}`, optionsOf(operation))
    }
  }
  const areas = new Map<string, Line[]>()
  for (const [path, operations] of Object.entries(pathsOf(contract))) {
    for (const method of METHODS) {
      const operation = operationOf(operations, method)
      if (!operation) continue
      const ours = served.get(`${method} ${canonical(path)}`)
      const wanted = [...optionsOf(operation)].filter((name) => !NEVER.has(name))
      const missing = ours && wanted.filter((name) => !ours.has(name))
      const area = /^\/([^/(]+)/.exec(path)?.[1] ?? '/'
      areas.set(area, [...(areas.get(area) ?? []), { operation: `${method.toUpperCase()} ${path}`, missing }])
    }
  }
  return page([...areas].sort(([one], [other]) => (one < other ? -1 : 1)))
}

function pathsOf(document: object): Paths {
  return 'paths' in document ? (document.paths as Paths) : {}
}

function operationOf(operations: Readonly<Record<string, unknown>>, method: string): Operation | undefined {
  return operations[method] as Operation | undefined
}

/**
 * A path as both documents would write it: parameters without names, casts with the whole namespace, no `()`. Those
 * sets take alternate keys wherever they take an id.
 */
function canonical(path: string): string {
  return path
    .replace(/^(\/(?:users|applications|servicePrincipals))\(\w+='\{[^}]+\}'\)/, '$1/{}')
    .replace(/\{[^}]*\}/g, '{}')
    .replace(/\/graph\./g, '/microsoft.graph.')
    .replaceAll('()', '')
}

function optionsOf({ parameters = [] }: Operation): Set<string> {
  const names = parameters.flatMap(({ $ref, name, in: place }) => {
    const short = $ref === undefined ? undefined : /\/parameters\/(\w+)$/.exec($ref)?.[1]
    if (short !== undefined) return /^[a-z]+$/.test(short) ? [`$${short}`] : []
    return place === 'query' && name?.startsWith('$') ? [name] : []
  })
  return new Set(names)
}

function page(areas: readonly [string, Line[]][]): string {
  const lines = areas.flatMap(([, all]) => all)
  const rows = areas.map(
    ([area, all]) => `| ${area} | ${count(all, isServed)} | ${count(all, isPartly)} | ${count(all, isMissing)} |`,
  )
  const details = areas.map(([area, all]) => section(area, all))
  return `# What of Microsoft Graph is served

Written by \`npm run openapi\` from the routes and \`openapi/graph-v1.0-subset.json\`: ${count(lines, isServed)} of ${lines.length} operations
are served, ${count(lines, isPartly)} without some query option. What is not served answers Graph's 400 for an unknown segment, or its 405.

| Area | Served | Partly | Not served |
| --- | ---: | ---: | ---: |
${rows.join('\n')}

${details.join('\n')}`
}

function section(area: string, all: readonly Line[]): string {
  const served = all.filter(isServed).map(({ operation }) => `- ${operation}`)
  const partly = all
    .filter(isPartly)
    .map(({ operation, missing = [] }) => `- ${operation} (without ${missing.join(', ')})`)
  const missing = all.filter(isMissing).map(({ operation }) => `- ${operation}`)
  const block = (title: string, items: string[]) => (items.length === 0 ? '' : `\n${title}\n\n${items.join('\n')}\n`)
  return `## ${area}\n${block('Served:', served)}${block('Partly:', partly)}${block('Not served:', missing)}`
}

function count(lines: readonly Line[], is: (line: Line) => boolean): number {
  return lines.filter(is).length
}

function isServed({ missing }: Line): boolean {
  return missing?.length === 0
}

function isPartly({ missing }: Line): boolean {
  return missing !== undefined && missing.length > 0
}

function isMissing({ missing }: Line): boolean {
  return missing === undefined
}
