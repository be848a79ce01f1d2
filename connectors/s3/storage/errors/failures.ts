import { ConnectError, isConnectError, messageOf } from '../../../../api/index.ts'
import { consequenceOf, type Consequence, type Subject } from './remedies.ts'

/** The answer of the server behind a failed request, without anything that might be secret. */
class ServerFault extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, text: string) {
    super(text)
    this.code = code
    this.status = status
  }

  override get name(): string {
    return 'S3Exception'
  }
}

/** A request without an answer that can be used; it may have been executed. */
export class Unanswered extends Error {}

/** Returns an attribute that the answers of S3 always have. Throws {@link Unanswered} for an answer of something else. */
export function required<T>(attribute: T | undefined): T {
  if (attribute !== undefined) return attribute
  throw new Unanswered('the answer is not one of an S3 server')
}

/** What was attempted. */
export interface Attempt extends Omit<Subject, 'bucketRegion'> {
  /** Completes "Cannot …". */
  readonly doing: string
}

/** A failed request. */
export interface Failure {
  readonly error: ConnectError
  /** Whether the same request should be sent again. */
  readonly again: boolean
  /** Whether the credentials have ended, so that others are needed. */
  readonly expired: boolean
}

/** Codes of certificates that Node does not accept. A new attempt gives the same result. */
const certificates =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|UNSUPPORTED_CERT)/
const network =
  /^(?:E(?:CONN|TIMEDOUT|PIPE|HOST|NET|AI_|NOTFOUND|ADDR|PROTO)|HPE_|UND_|ERR_STREAM|ERR_SOCKET|ERR_HTTP)/
const expiredCodes = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'InvalidToken',
])

/**
 * Turns an error of the SDK, the socket or the server into a ConnectError: HR_RETRIABLE if the same request can succeed
 * later, HR_CONNECT if somebody must act first, with what to do in the message.
 */
export function explain(error: unknown, attempt: Attempt): Failure {
  if (isConnectError(error)) return { error, again: error.retriable, expired: false }
  const status = statusIn(error)
  if (status !== undefined) return ofServer(error as RawError, status, attempt)
  const { code, text } = ofNetwork(error)
  if (certificates.test(code) || /wrong version number/i.test(text))
    return badCertificate(text, code, attempt)
  const transient = network.test(code) || hasNoAnswer(error) || /socket hang up|aborted/i.test(text)
  if (transient) return transientFailure(text, code, attempt)
  return final('HR_CONNECT', { attempt, code, text }, false, { cause: error })
}

/** What is known about a failed request, for findings. */
export interface FailureFacts {
  /** The code of the server, or that of the error of the network; empty if there is none. */
  readonly code: string
  /** What happened, without what to do. */
  readonly text: string
  /** What to do, without the full stop; undefined if that is not known. */
  readonly remedy: string | undefined
}

const facts = new WeakMap<Error, FailureFacts>()

/** Returns what is known about an error of {@link explain}; undefined for another error. */
export function factsOf(error: unknown): FailureFacts | undefined {
  return error instanceof Error ? facts.get(error) : undefined
}

/** The code that the server gave for the error; undefined if there was no answer. */
export function serverCodeOf(error: unknown): string | undefined {
  return faultOf(error)?.code
}

/** The HTTP status of the answer; undefined if there was none. */
export function statusOf(error: unknown): number | undefined {
  return faultOf(error)?.status
}

function faultOf(error: unknown): ServerFault | undefined {
  if (error instanceof ServerFault) return error
  return error instanceof Error && error.cause !== undefined ? faultOf(error.cause) : undefined
}

/** Errors of the SDK. */
interface RawError extends Error {
  readonly Code?: string
  readonly code?: string
  readonly Region?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

function statusIn(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined
  return (error as RawError).$metadata?.httpStatusCode
}

function ofServer(raw: RawError, status: number, attempt: Attempt): Failure {
  // an answer that cannot be read is not one of S3: it comes from a gateway, or was cut off
  const unreadable = /Deserialization error|is not expected\.|Unclosed|Unexpected end/i.test(raw.message)
  const code = unreadable || raw.name === 'Error' ? `HTTP ${status}` : codeIn(raw, status)
  const text = unreadable ? 'the answer of the server cannot be read' : textIn(raw, code)
  const bucketRegion = raw.Region ?? raw.$response?.headers?.['x-amz-bucket-region']
  const consequence: Consequence =
    unreadable && (status < 300 || status >= 500)
      ? { next: 'retry' }
      : consequenceOf({ code, text: raw.message, status }, { ...attempt, bucketRegion })
  const kind = consequence.next === 'retry' ? 'HR_RETRIABLE' : 'HR_CONNECT'
  const said = text === '' || text === code ? `the server answered ${code}` : `${text} (${code})`
  const expired = expiredCodes.has(code)
  const about = { attempt, code, text: said, remedy: consequence.remedy }
  return final(kind, about, consequence.next !== 'fail', {
    cause: new ServerFault(code, status, said),
    expired,
  })
}

/** Answers to HEAD have no body: the SDK then names the error by its status, or not at all. */
function codeIn(raw: RawError, status: number): string {
  const code = raw.Code ?? raw.name
  if (/^(?:Error|UnknownError|\d+|Unknown|S3ServiceException)$/.test(code)) return `HTTP ${status}`
  return code
}

function textIn(raw: RawError, code: string): string {
  const text = raw.message.trim().replace(/\.$/, '')
  return /^(?:UnknownError|Unknown|\d+)$/.test(text) ? code : text
}

function ofNetwork(error: unknown): { code: string; text: string } {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  const text = messageOf(first)
    .replace(/^@smithy\/node-http-handler - (?:\[\w+\] )?/, '')
    .replace(/ \(configured by client requestHandler\)/, '')
    .trim()
    .replace(/\.$/, '')
  return { code, text: text === '' ? code || 'unknown error' : text }
}

function hasNoAnswer(error: unknown): boolean {
  if (error instanceof Unanswered) return true
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function badCertificate(text: string, code: string, attempt: Attempt): Failure {
  const remedy =
    'Check the scheme and host of store.url, and the certificate of the server; NODE_EXTRA_CA_CERTS names further authorities'
  const shown = `${text}${code === '' ? '' : ` (${code})`}`
  return final('HR_CONNECT', { attempt, code: 'certificate', text: shown, remedy }, false, {})
}

function transientFailure(text: string, code: string, attempt: Attempt): Failure {
  const unknownHost = /ENOTFOUND|EAI_/.test(code)
  const remedy = unknownHost
    ? 'Check store.url, s3.region, s3.path.style.access.enabled and the name service'
    : undefined
  return final('HR_RETRIABLE', { attempt, code, text, remedy }, true, {})
}

function final(
  kind: 'HR_RETRIABLE' | 'HR_CONNECT',
  about: {
    readonly attempt: Attempt
    readonly code: string
    readonly text: string
    readonly remedy?: string | undefined
  },
  again: boolean,
  { cause, expired = false }: { readonly cause?: unknown; readonly expired?: boolean },
): Failure {
  const { attempt, code, remedy } = about
  const text = `Cannot ${attempt.doing}: ${about.text}.`
  const message = remedy === undefined ? text : `${text} ${remedy}.`
  const error = new ConnectError(kind, message, cause === undefined ? {} : { cause })
  facts.set(error, { code, text, remedy })
  return { error, again, expired }
}
