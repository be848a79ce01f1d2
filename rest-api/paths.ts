/** What no path may hold: it could mean one thing to us and another to a proxy in between. */
const AMBIGUOUS = /\/\/|%2f|%5c|%25|%00/i

/**
 * The path and query of a request as routes know them: without parameters of segments and without a slash at the
 * end. Undefined for a path that is refused.
 *
 * Source: Jetty's URI compliance (spec/rest-api 1.0).
 */
export function routablePath(url: string): string | undefined {
  const queryAt = url.indexOf('?')
  const path = queryAt < 0 ? url : url.slice(0, queryAt)
  const query = queryAt < 0 ? '' : url.slice(queryAt)
  if (AMBIGUOUS.test(path) || !isDecodable(path)) return undefined
  const plain = path.replace(/;[^/]*/g, '')
  return (plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain) + query
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** A connector's own path, as it stands in a `Location` header. Source: UriBuilder.path. */
export function connectorPath(name: string): string {
  const wellFormed = name.replace(/[\ud800-\udfff]/gu, '\ufffd')
  const encoded = encodeURI(wellFormed).replace(/[?#]/g, encodeURIComponent)
  return `/connectors/${encoded.replace(/%25(?=[0-9a-f]{2})/gi, '%')}`
}
