import type { IncomingMessage, ServerResponse } from 'node:http'

const RETRY_AFTER_SECONDS = '1'

/**
 * Limits concurrent requests; further requests get 503 with `Retry-After`. The returned function returns whether it
 * admits the request.
 *
 * Without a limit, requests that arrive faster than the herder handles them would accumulate in memory.
 */
export function admission(limit: number): (request: IncomingMessage, response: ServerResponse) => boolean {
  let inside = 0
  return (request, response) => {
    if (inside >= limit) {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': RETRY_AFTER_SECONDS })
      const message = `The worker is already handling ${limit} requests, the limit of rest.requests.max`
      response.end(JSON.stringify({ error_code: 503, message }))
      request.resume()
      return false
    }
    inside++
    response.once('close', () => {
      inside--
    })
    return true
  }
}
