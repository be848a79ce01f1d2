import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../api/index.ts'
import { CommandError } from '../exit-codes.ts'
import type { WorkerAddress } from './address.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

/** The REST API of a worker, as commands use it. */
export interface WorkerApi {
  readonly url: string
  /** Resolves to the body, undefined when there is none. Throws a {@link RefusedRequest} or a CommandError. */
  request(method: Method, path: string, body?: unknown): Promise<unknown>
  /** The same, with the body as it was sent. */
  requestText(method: Method, path: string, body?: unknown): Promise<string>
}

/** An answer of a worker that says no; the message is the worker's. */
export class RefusedRequest extends CommandError {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Whether a worker refused a request because it does not have the route: those of Kafka Connect lack ours. */
export function isMissingRoute(error: unknown): boolean {
  return error instanceof RefusedRequest && error.status === 404 && error.message === 'HTTP 404 Not Found'
}

/** Longer than a worker takes before it gives up by itself. */
const ANSWER_TIMEOUT_MS = 100_000
const RETRY_FOR_MS = 30_000
const RETRY_EVERY_MS = 500

export interface WorkerApiOptions {
  /** Whether to ask again while the worker says that it is busy with a rebalance or its start. */
  readonly retry?: boolean
  /** Told once when a request has to be tried again. */
  onRetry?(reason: string): void
  /** Sends a request; by default as Node.js does. */
  send?(url: string, request: RequestInit): Promise<Response>
}

/** Talks to a worker, ours or Java's. */
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
      if (!passes(answer.status, message) || Date.now() + waitMs > deadline) {
        throw refusedRequest(address, answer.status, message)
      }
      if (first) onRetry?.(message ?? `the worker answers ${answer.status}`)
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
    throw new CommandError(`no worker answers at ${url}: ${unreachable(error)}`, undefined, { cause: error })
  }
}

const UNTRUSTED =
  'nobody that is trusted vouches for its certificate; --cacert or HEADRACE_CACERT names who does'

const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; --url or HEADRACE_URL names another',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'it closed the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
}

function unreachable(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `nothing came within ${ANSWER_TIMEOUT_MS / 1000} s`
  const cause = error instanceof Error ? error.cause : undefined
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? ''
  return networkReasons[code] ?? messageOf(cause ?? error)
}

/** The message in a body of Connect's form; undefined when it is of another. */
function refusal(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return undefined
  }
}

/** Whether the reason of a refusal goes by itself. */
function passes(status: number, message = ''): boolean {
  if (status === 503) return /start/i.test(message)
  return (status === 409 || status === 500) && /rebalance|stale configuration|no known leader/i.test(message)
}

function refusedRequest({ url, user }: WorkerAddress, status: number, message: string | undefined) {
  if (status === 401 || status === 403) {
    const hint =
      user === undefined
        ? '--user name:password or HEADRACE_USER says who asks'
        : `user ${user.name} or the password was refused`
    return new RefusedRequest(status, message ?? `the worker at ${url} answers ${status}: ${hint}`)
  }
  return new RefusedRequest(
    status,
    message ?? `${url} answers ${status} and no reason: is it a Kafka Connect worker?`,
  )
}

function parsed({ url }: WorkerAddress, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new CommandError(`the answer of ${url} is not JSON: is it a Kafka Connect worker?`)
  }
}
