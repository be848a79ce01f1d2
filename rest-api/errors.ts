import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import {
  errorCodes,
  isConnectError,
  isRetriable,
  reasonOf,
  type ErrorCode,
  type Logger,
} from '../api/index.ts'
import type { ErrorMessage } from './schemas/worker.ts'

type ErrorBody = Static<typeof ErrorMessage>

/** An error response whose status no `HR_*` code covers. */
export class HttpError extends Error {
  readonly statusCode: number
  /** Whether the same request may succeed soon. */
  readonly mayRetry: boolean
  constructor(statusCode: number, message: string, mayRetry = false) {
    super(message)
    this.statusCode = statusCode
    this.mayRetry = mayRetry
  }
}

const routingTexts: Readonly<Record<number, string>> = {
  404: 'HTTP 404 Not Found',
  405: 'HTTP 405 Method Not Allowed',
  406: 'HTTP 406 Not Acceptable',
  413: 'HTTP 413 Request Entity Too Large',
  415: 'HTTP 415 Unsupported Media Type',
}

/**
 * A request that the client has to correct. Routes of Kafka Connect respond with 500, as the Java worker does;
 * Headrace's own routes respond with 400.
 */
export class MistakenRequest extends Error {}

/** The error response of another worker to a forwarded request; that worker has logged it. */
export class PeerRefusal extends HttpError {}

/** An error in the path, method or headers, found before the request reaches a resource. */
class RoutingError extends HttpError {}

export function routingError(status: number): HttpError {
  return new RoutingError(status, textOf(status))
}

/** Like {@link routingError}, for an error that the resource finds. */
export function resourceError(status: number): HttpError {
  return new HttpError(status, textOf(status))
}

/** A malformed header; `inJson` is whether the client accepts JSON. */
class HeaderError extends RoutingError {
  readonly inJson: boolean
  constructor(inJson: boolean) {
    super(400, 'Bad Request')
    this.inJson = inJson
  }
}

export function headerError(inJson: boolean): HttpError {
  return new HeaderError(inJson)
}

const textOf = (status: number): string => routingTexts[status] ?? `HTTP ${status}`

declare module 'fastify' {
  interface FastifyReply {
    /** Whether no resource produced the response; the Java worker sends no content type then. */
    isUntyped: boolean
  }
}

/** Reason phrase that Jetty sends with status 500; clients show it in their errors. */
const SERVER_ERROR = 'Server Error'

const OWN_ROUTES = '/headrace/'

/** `Retry-After` while the worker is not ready or the cluster rebalances. */
const RETRY_AFTER_SECONDS = 1
const unsettledCodes: readonly ErrorCode[] = ['HR_REBALANCING', 'HR_NOT_LEADER']

/** Sends an error response. Source: ConnectExceptionMapper. */
export function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error instanceof HeaderError) return sendHeaderError(error, request, reply)
  const { status, message } = answerOf(error, request)
  logRefusal(error, status, request, log)
  if (status === 503 || isUnsettled(error)) void reply.header('retry-after', RETRY_AFTER_SECONDS)
  reply.isUntyped = error instanceof RoutingError
  if (status === 500) reply.raw.statusMessage = SERVER_ERROR
  const body: ErrorBody = { error_code: status, message }
  return reply.code(status).type('application/json').send(body)
}

/** Responds to a malformed header as Jetty does. Source: Jetty's ErrorHandler. */
function sendHeaderError(
  { message, statusCode, inJson }: HeaderError,
  { method, protocol, host, url }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  void reply.code(statusCode).header('cache-control', 'must-revalidate,no-cache,no-store')
  if (!['GET', 'HEAD', 'POST'].includes(method) || !inJson) return reply.send()
  const body = { message, url: `${protocol}://${host}${url}`, status: String(statusCode) }
  return reply.type('application/json').send(body)
}

/** Logs errors that the client can correct or retry at DEBUG, since they do not concern the operator. */
function logRefusal(error: Error, status: number, { method, url }: FastifyRequest, log: Logger): void {
  const reason = reasonOf(error)
  const elsewhere = error instanceof MistakenRequest || error instanceof PeerRefusal
  if (status < 500 || elsewhere || (isConnectError(error) && blameless.has(error.code))) {
    log.debug('request rejected', { method, url, status, reason })
  } else if (isRetriable(error)) {
    log.warn('request failed with a retriable error', { method, url, status, reason })
  } else {
    log.error('request failed', { method, url, reason, error })
  }
}

/** Codes with a status of 500 or above that do not indicate a fault of the worker. */
const blameless: ReadonlySet<ErrorCode> = new Set([
  'HR_NOT_READY',
  'HR_RETRIABLE',
  'HR_ILLEGAL_ARGUMENT',
  'HR_UNSUPPORTED',
])

/** Whether the error is due to a rebalance. */
const isUnsettled = (error: Error): boolean =>
  isConnectError(error) ? unsettledCodes.includes(error.code) : error instanceof HttpError && error.mayRetry

function answerOf(
  error: FastifyError | Error,
  { routeOptions }: FastifyRequest,
): { status: number; message: string } {
  if (error instanceof MistakenRequest) {
    const own = routeOptions.url?.startsWith(OWN_ROUTES) === true
    return { status: own ? 400 : 500, message: error.message }
  }
  if (isConnectError(error)) return { status: errorCodes[error.code].http, message: error.message }
  const status = 'statusCode' in error && error.statusCode !== undefined ? error.statusCode : 500
  if (error instanceof HttpError) return { status, message: error.message }
  return { status, message: routingTexts[status] ?? error.message }
}
