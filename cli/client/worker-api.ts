import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../api/index.ts'
import { CommandError } from '../exit-codes.ts'
import type { WorkerAddress } from './address.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

/** Client of a worker's REST API. */
export interface WorkerApi {
  readonly url: string
  /** Resolves to the parsed body, undefined if empty. Throws a {@link RefusedRequest} or another CommandError. */
  request(method: Method, path: string, body?: unknown): Promise<unknown>
  /** Like `request`, but resolves to the text of the body. */
  requestText(method: Method, path: string, body?: unknown): Promise<string>
}

/** An error response of a worker, with the worker's message. */
export class RefusedRequest extends CommandError {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Whether the worker does not have the route; Java workers lack Headrace's own routes. */
export function isMissingRoute(error: unknown): boolean {
  return error instanceof RefusedRequest && error.status === 404 && error.message === 'HTTP 404 Not Found'
}

/** Longer than the request timeout of a worker. */
const ANSWER_TIMEOUT_MS = 100_000
const RETRY_FOR_MS = 30_000
const RETRY_EVERY_MS = 500

export interface WorkerApiOptions {
  /** Whether to retry while the worker reports that it is starting or rebalancing. */
  readonly retry?: boolean
  /** Called once per request, before its first retry. */
  onRetry?(reason: string): void
  /** Sends a request; `fetch` by default. */
  send?(url: string, request: RequestInit): Promise<Response>
}

/** Creates a client for a Headrace or Java worker. */
export function openWorkerApi(address: WorkerAddress, options: WorkerApiOptions = {}): WorkerApi {
  const { retry = true, onRetry, send = fetch } = options
  const requestText = async (method: Method, path: string, body?: unknown) => {
    const deadline = Date.now() + (retry ? RETRY_FOR_MS : 0)
    for (let first = true; ; first = false) {
      const answer = await ask(() => send(address.url + path, requestOf(address, method, body)), address)
      const text = await answer.text()
      if (answer.ok) return text
      const message = refusal(text)
      const waitMs = Number(answer.headers.get('retry-after') ?? 0) * 1000 || RETRY_EVERY_MS
      if (!isTransient(answer.status, message) || Date.now() + waitMs > deadline) {
        throw refusedRequest(address, answer.status, message)
      }
      if (first) onRetry?.(message ?? `the worker returned ${answer.status}`)
      await sleep(waitMs)
    }
  }
  return {
    url: address.url,
    requestText,
    request: async (method, path, body) => {
      const text = await requestText(method, path, body)
      return text === '' ? undefined : parsed(address, text)
    },
  }
}

function requestOf({ user }: WorkerAddress, method: Method, body: unknown): RequestInit {
  const login =
    user === undefined
      ? {}
      : { authorization: `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}` }
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method,
    headers: { accept: 'application/json', ...content, ...login },
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
}

async function ask(send: () => Promise<Response>, { url }: WorkerAddress): Promise<Response> {
  try {
    return await send()
  } catch (error) {
    throw new CommandError(`cannot reach a worker at ${url}: ${unreachable(error)}`, undefined, {
      cause: error,
    })
  }
}

const UNTRUSTED = 'its certificate is not trusted; pass its CA certificate with --cacert or HEADRACE_CACERT'

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; set another address with --url or HEADRACE_URL',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'DNS lookup failed',
  ECONNRESET: 'connection reset',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
}

/** By message: fetch rejects the ports of other protocols without a code. */
const otherReasons: Readonly<Record<string, string>> = {
  'bad port': 'HTTP clients do not connect to this port, which is reserved for another protocol',
}

function unreachable(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no response within ${ANSWER_TIMEOUT_MS / 1000} s`
  const cause = error instanceof Error ? error.cause : undefined
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  const message = messageOf(cause ?? error)
  return networkReasons[code] ?? otherReasons[message] ?? message
}

/** Returns the message of an error response of Connect, or undefined for any other body. */
function refusal(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}

/** Whether an error is transient. */
function isTransient(status: number, message = ''): boolean {
  if (status === 503) return /start/i.test(message)
  return (status === 409 || status === 500) && /rebalance|stale configuration|no known leader/i.test(message)
}

function refusedRequest({ url, user }: WorkerAddress, status: number, message: string | undefined) {
  if (status === 401 || status === 403) {
    const hint =
      user === undefined
        ? 'pass credentials with --user name:password or HEADRACE_USER'
        : `user ${user.name} or the password was rejected`
    return new RefusedRequest(status, message ?? `${url} returned ${status}: ${hint}`)
  }
  if (status === 400 && message?.startsWith('Ambiguous URI') === true) {
    const names = "is empty, '.' or '..', or contains '/', '\\', '%' or a control character"
    return new RefusedRequest(
      status,
      `the REST API cannot address a connector whose name ${names}: ${message}`,
    )
  }
  return new RefusedRequest(
    status,
    message ?? `${url} returned ${status} without a message: is it a Kafka Connect worker?`,
  )
}

function parsed({ url }: WorkerAddress, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(`the response of ${url} is not JSON: is it a Kafka Connect worker?`)
  }
}
