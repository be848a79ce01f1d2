import type { FastifyReply, FastifyRequest } from 'fastify'
import { ConnectError, isConnectError, messageOf } from '../../api/index.ts'
import { targetOf, type PeerAnswer, type Peers } from '../../runtime/index.ts'
import { HttpError, PeerRefusal } from '../errors.ts'
import { WAIT_HEADER } from '../waiting.ts'

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

const firstOf = (value: string | readonly string[] | undefined): string | undefined => [value].flat()[0]

/** Query parameters to forward, in addition to `forward`. */
const passedOn = ['includeTasks', 'onlyFailed', 'offsets', 'wait']

const NO_LEADER =
  'Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.'
const TOO_MANY_HOPS = 'Cannot complete request because of a conflicting operation (e.g. worker rebalance)'

/**
 * Forwards a request to the worker that the error names, and resolves to its response, or to undefined when the error
 * names none. Allows two hops, since the leader may forward the request to the worker that runs the task.
 *
 * Throws `HttpError` with the error response of the other worker. Source: HerderRequestHandler, RestClient.
 */
export async function forwarded(
  error: unknown,
  request: FastifyRequest,
  peers: Peers,
): Promise<PeerAnswer | undefined> {
  const target = targetOf(error)
  if (target === undefined) return undefined
  const query = request.query as Query
  const forward = firstOf(query['forward'])
  if (forward !== undefined && forward.toLowerCase() !== 'true') throw new HttpError(409, TOO_MANY_HOPS, true)
  if (target.url === undefined) throw new HttpError(409, NO_LEADER, true)
  const answer = await ask(peers, urlOf(target.url, request, query, forward === undefined), request)
  if (answer.status >= 400) throw errorOf(answer)
  if (answer.status >= 200 && answer.status < 300) return answer
  throw new HttpError(500, `Unexpected status code when handling forwarded request: ${answer.status}`)
}

/** Sends the response of the other worker. `location` is a URL on this worker. */
export function replyWith(
  answer: PeerAnswer,
  reply: FastifyReply,
  location: string | undefined,
): FastifyReply {
  const waited = answer.headers[WAIT_HEADER]
  if (waited !== undefined) void reply.header(WAIT_HEADER, waited)
  if (answer.status === 201 && location !== undefined) void reply.header('location', location)
  return answer.body === undefined
    ? reply.code(answer.status).send()
    : reply.code(answer.status).type('application/json').send(answer.body)
}

function urlOf(base: string, { url }: FastifyRequest, query: Query, again: boolean): string {
  const path = url.split('?', 1)[0] ?? ''
  const params = new URLSearchParams({ forward: String(again) })
  for (const key of passedOn) {
    const value = firstOf(query[key])
    if (value !== undefined) params.set(key, value)
  }
  return `${base.replace(/\/$/, '')}${path}?${params.toString()}`
}

async function ask(
  peers: Peers,
  url: string,
  { method, rawBody, headers }: FastifyRequest,
): Promise<PeerAnswer> {
  const { authorization } = headers
  try {
    return await peers.request({
      method,
      url,
      ...(rawBody === undefined ? {} : { body: rawBody.toString('utf8') }),
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    })
  } catch (error) {
    if (isConnectError(error))
      throw new HttpError(500, `IO Error trying to forward REST request: ${error.message}`)
    throw new ConnectError('HR_CONNECT', `Error trying to forward REST request: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function errorOf({ status, headers, body }: PeerAnswer): HttpError {
  const { message } = (body ?? {}) as { message?: unknown }
  if (typeof message === 'string') {
    return new PeerRefusal(status, message, headers['retry-after'] !== undefined)
  }
  return new HttpError(
    500,
    `IO Error trying to forward REST request: the other worker returned ${status} without a message`,
  )
}
