import { isGuid } from '../kernel/ids.js'
import { isGraphPath, pathAndQuery } from './paths.js'
import type { RouteNode, RouteTree } from './route-tree.js'

const NAMESPACE = /^(?:microsoft\.)?graph\.(?=[A-Za-z])/i
const CALL = /^([A-Za-z.]{1,128})\(\)$/
const KEY = /^([A-Za-z.]{1,128})\((?:([A-Za-z]{1,64})=)?'((?:[^']|'')*)'\)$/s
const ALTERNATE_KEY = /^([A-Za-z]{1,64})='(.*)'$/s

/** Alternate keys that the plain key is looked up by too, so that no route has to know the longer form. */
const LIKE_THE_ID = new Set(['userPrincipalName'])

/**
 * The one spelling that routes are registered in, for a request target of the Graph dialect: `/users/delta()` and
 * `/users/microsoft.graph.delta` become `/users/delta`, `/members/graph.user` becomes `/members/microsoft.graph.user`,
 * `/users('x')` becomes `/users/x`, `/groups(uniqueName='x')` stays so where a route is spelled like that and becomes
 * `/groups/uniqueName='x'` elsewhere (see `alternateKey`),
 * and the names of routes get their own case, as Graph ignores it there. Whatever it puts into a path is a name from
 * the routes or a key percent-encoded again, so that nothing encoded becomes a slash or a dot segment.
 */
export function spelled(url: string, routes: RouteTree): string {
  if (!isGraphPath(url)) return url
  const target = pathAndQuery(url)
  const end = target.indexOf('?')
  const path = end < 0 ? target : target.slice(0, end)
  const query = end < 0 ? '' : target.slice(end)
  // Nearly every request is spelled as its route is, and all that differs are ids.
  const shape = path.replace(IDS, '/*')
  if (routes.wellSpelled.has(shape)) return target
  const { text, isOfNames } = spelledPath(path, routes)
  if (isOfNames && text === path) routes.wellSpelled.add(shape)
  return text + query
}

const IDS = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\/|$)/gi

/** `isOfNames`: it leads to a route by names and ids alone, of which there are only so many. */
function spelledPath(path: string, routes: RouteTree): { text: string; isOfNames: boolean } {
  let nodes = [routes.root]
  let isOfNames = true
  const result: string[] = []
  for (const [index, segment] of path.split('/').entries()) {
    if (segment === '' || nodes.length === 0) {
      result.push(segment)
      isOfNames &&= index === 0
      continue
    }
    isOfNames &&= isGuid(segment) || routes.literal(nodes, segment) === segment
    const step = spell(segment, nodes, routes)
    result.push(...step.segments)
    nodes = step.nodes
  }
  return { text: result.join('/'), isOfNames: isOfNames && nodes.length > 0 }
}

/** The alternate key in a path parameter, as `spelled` leaves it: `uniqueName='x'`. */
export function alternateKey(parameter: string): { property: string; value: string } | undefined {
  const [, property, value] = ALTERNATE_KEY.exec(parameter) ?? []
  return property === undefined || value === undefined ? undefined : { property, value }
}

type Step = { segments: string[]; nodes: RouteNode[] }

function spell(segment: string, nodes: RouteNode[], routes: RouteTree): Step {
  const text = decoded(segment)
  if (text === undefined) return { segments: [segment], nodes: [] }
  const name = CALL.exec(text)?.[1] ?? text
  for (const candidate of spellings(name)) {
    const literal = routes.literal(nodes, candidate)
    if (literal) return { segments: [literal], nodes: routes.follow(nodes, literal) }
  }
  return keyed(text, nodes, routes) ?? { segments: [segment], nodes: routes.follow(nodes, text) }
}

/** As it stands, as a cast or a name in Graph's namespace, and as an operation without it. */
function spellings(name: string): string[] {
  const bare = name.replace(NAMESPACE, '')
  return bare === name ? [name] : [`microsoft.graph.${bare}`, bare]
}

/** `users('x')` and `groups(uniqueName='x')`, where a route takes a key after the name. */
function keyed(text: string, nodes: RouteNode[], routes: RouteTree): Step | undefined {
  const [, name, property, quoted] = KEY.exec(text) ?? []
  const literal = name === undefined ? undefined : routes.literal(nodes, name)
  if (literal === undefined || quoted === undefined || quoted === '') return undefined
  if (property !== undefined) {
    const segment = `${literal}(${property}='${encodeURIComponent(quoted)}')`
    const step = routes.spelledOut(nodes, segment)
    if (step.length > 0) return { segments: [segment], nodes: step }
  }
  const value = quoted.replaceAll("''", "'")
  const key = property === undefined || LIKE_THE_ID.has(property) ? value : `${property}='${value}'`
  const taking = routes.parameters(routes.follow(nodes, literal))
  // A dot segment would be taken for a step in the path by whoever resolves it.
  if (taking.length === 0 || /^\.{1,2}$/.test(key)) return undefined
  return { segments: [literal, encodeURIComponent(key)], nodes: taking }
}

function decoded(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
