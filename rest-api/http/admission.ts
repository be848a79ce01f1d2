import type { IncomingMessage, ServerResponse } from 'node:http'

const RETRY_AFTER_SECONDS = '1'

/**
 * Lets so many requests in at once; who comes later is asked to come again. Answers whether a request was let in.
 *
 * Without it, clients that ask faster than the herder answers would fill the memory with waiting requests.
 */
export function admission(limit: number): (request: IncomingMessage, response: ServerResponse) => boolean {
  let inside = 0
  return (request, response) => {
    if (inside >= limit) {
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': RETRY_AFTER_SECONDS })
      const message = `The worker answers ${limit} requests already, the most that rest.requests.max allows`
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
