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

/** An answer with a status of its own, where no `HR_*` code says it. */
export class HttpError extends Error {
  readonly statusCode: number
  /** The same request may succeed in a moment. */
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
 * A request that its client has to change. Kafka Connect answers it with status 500, and so do routes of its API;
 * Headrace's own answer 400.
 */
export class MistakenRequest extends Error {}

/** What another worker answered to a forwarded request; it has logged what there is to log. */
export class PeerRefusal extends HttpError {}

/** What is wrong with a request before anyone looks at what it asks for. */
class RoutingError extends HttpError {}

export function routingError(status: number): HttpError {
  return new RoutingError(status, textOf(status))
}

/** The same, found out by the resource that was asked. */
export function resourceError(status: number): HttpError {
  return new HttpError(status, textOf(status))
}

/** A header that cannot be read, and whether the client wants to be told so in JSON. */
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
    /** No resource made this answer, so that the Java worker names no type of it. */
    isUntyped: boolean
  }
}

/** What Jetty calls the status that clients show in their own errors. */
const SERVER_ERROR = 'Server Error'

const OWN_ROUTES = '/headrace/'

/** Seconds after which a client may ask again, when all that is wrong is that the cluster is not ready. */
const RETRY_AFTER_SECONDS = 1
const unsettledCodes: readonly ErrorCode[] = ['HR_REBALANCING', 'HR_NOT_LEADER']

/** Tells a client what went wrong. Source: ConnectExceptionMapper. */
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

/** Requests with a header that cannot be read are answered by Jetty itself. Source: its ErrorHandler. */
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

/** What the client has to change, or only to repeat, concerns no operator of the worker. */
function logRefusal(error: Error, status: number, { method, url }: FastifyRequest, log: Logger): void {
  const reason = reasonOf(error)
  const elsewhere = error instanceof MistakenRequest || error instanceof PeerRefusal
  if (status < 500 || elsewhere || (isConnectError(error) && blameless.has(error.code))) {
    log.debug('a request was refused', { method, url, status, reason })
  } else if (isRetriable(error)) {
    log.warn('a request could not be answered', { method, url, status, reason })
  } else {
    log.error('a request failed', { method, url, reason, error })
  }
}

/** Codes of refusals with a status of 500 and above that are no fault of the worker. */
const blameless: ReadonlySet<ErrorCode> = new Set([
  'HR_NOT_READY',
  'HR_RETRIABLE',
  'HR_ILLEGAL_ARGUMENT',
  'HR_UNSUPPORTED',
])

/** All that is wrong is that the cluster is about to rebalance. */
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
