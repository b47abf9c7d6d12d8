const VERSION = /^\/(v1\.0|beta)(?=[/?]|$)/
const ABSOLUTE = /^https?:\/\/[^/?]*/i

/**
 * Path and query of a request target. A target may carry scheme and host (RFC 9112 section 3.2.2), which the router
 * drops; an answer must never repeat that host.
 */
export function pathAndQuery(url: string): string {
  if (url.startsWith('/')) return url
  const rest = url.replace(ABSOLUTE, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** `v1.0` or `beta` when the request target lies in the Graph dialect, else undefined. */
export function graphVersion(url: string): 'v1.0' | 'beta' | undefined {
  // How nearly every request is written, several times a request.
  if (url.startsWith('/v1.0/')) return 'v1.0'
  const path = pathAndQuery(url)
  const version = VERSION.exec(path)?.[1] ?? VERSION.exec(decoded(path))?.[1]
  return version === 'v1.0' || version === 'beta' ? version : undefined
}

/** Whether the request target lies under `/v1.0` or `/beta`. */
export function isGraphPath(url: string): boolean {
  return graphVersion(url) !== undefined
}

// The router matches decoded paths, so `/v1%2E0/users` is a Graph request too.
function decoded(path: string): string {
  const start = path.slice(0, 16)
  if (!start.includes('%')) return path
  try {
    return decodeURIComponent(path.split('?', 1)[0] ?? '')
  } catch {
    return path
  }
}
