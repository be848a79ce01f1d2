import { ConnectError, isRetriable, messageOf } from '../../../../api/index.ts'
import type { SearchServer, ServerResponse } from '../../ports.ts'
import type { Entry } from '../entry.ts'
import { temporaryCause, type RetryCause } from './causes.ts'
import { deniedError } from './denied.ts'
import { itemResult, type ItemResult } from './item-result.ts'
import { bodyError, serverError, textOf, type ServerError } from './server-error.ts'

/** The server has processed the operations. */
export interface Processed {
  readonly kind: 'processed'
  /** Null if it has written all of them. */
  readonly results: readonly ItemResult[] | null
  readonly retryAfterMs: number | undefined
}

/** Why operations are sent again. */
export interface Failure {
  readonly cause: RetryCause
  readonly reason: string
  readonly retryAfterMs: number | undefined
}

/** The server does not accept the request because of one of the operations. */
export interface Invalid {
  readonly kind: 'invalid'
  readonly status: number
  readonly error: ServerError
}

/** What became of a request. If it failed, the server has processed none of the operations, or that is unknown. */
export type Answer =
  Processed | ({ readonly kind: 'failed' } & Failure) | { readonly kind: 'too large' } | Invalid

/** Without the results of successes, but for their status, by which results are assigned to operations. */
const query = { filter_path: 'errors,items.*.status,items.*.error' }

/**
 * Sends operations in one request. Rejects with one clear sentence if the request can never succeed, for example because
 * the credentials are wrong.
 */
export async function sendBulk(
  server: SearchServer,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Answer> {
  let body = ''
  for (const { operation } of entries) body += operation.lines
  let response: ServerResponse
  try {
    response = await server.request({ method: 'POST', path: '/_bulk', query, body }, signal)
  } catch (error) {
    if (signal.aborted || !isRetriable(error)) throw error
    return { kind: 'failed', cause: 'outage', reason: messageOf(error), retryAfterMs: undefined }
  }
  return response.status >= 200 && response.status < 300 ? processed(response, entries) : failed(response)
}

function processed({ body, retryAfterMs }: ServerResponse, entries: readonly Entry[]): Answer {
  const { errors, items } = typeof body === 'object' && body !== null ? (body as BulkBody) : {}
  if (errors === false) return { kind: 'processed', results: null, retryAfterMs }
  if (!Array.isArray(items) || items.length !== entries.length) {
    const reason = 'the server responded with something that is not the result of a bulk request'
    return { kind: 'failed', cause: 'error', reason, retryAfterMs }
  }
  const results = entries.map(({ operation }, index) => itemResult(items[index], operation))
  return { kind: 'processed', results, retryAfterMs }
}

interface BulkBody {
  readonly errors?: unknown
  readonly items?: unknown
}

function failed({ status, body, retryAfterMs }: ServerResponse): Answer {
  const error = bodyError(body)
  if (status === 413 || exceedsMemory(error)) return { kind: 'too large' }
  const reason = `the server responded with ${status}, ${textOf(error)}`
  const cause = temporaryCause(status, error.types) ?? (status >= 500 ? 'error' : undefined)
  if (cause !== undefined) return { kind: 'failed', cause, reason, retryAfterMs }
  if (status === 401 || status === 403) throw deniedError(status, error)
  if (status === 400) return { kind: 'invalid', status, error }
  throw new ConnectError('HR_CONNECT', `cannot send bulk requests: ${reason}`)
}

/** The error of a document that is too large for a request of its own. */
export function tooLargeError(bytes: number): ServerError {
  const reason = `the document has ${bytes} bytes, which is more than the server accepts (http.max_content_length, indexing_pressure.memory.limit)`
  return serverError({ type: 'request_entity_too_large', reason })
}

const NEEDED_AND_LIMIT = /coordinating_operation_bytes=(\d+), max_coordinating(?:_and_primary)?_bytes=(\d+)/

/** Whether the request alone needs more memory than the server has for all requests: it would be rejected forever. */
function exceedsMemory({ reason }: ServerError): boolean {
  const [, needed, limit] = NEEDED_AND_LIMIT.exec(reason) ?? []
  return needed !== undefined && Number(needed) > Number(limit)
}
