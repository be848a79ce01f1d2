import { UsageError } from '../exit-codes.ts'

/** Base URL of a worker and the credentials to use. */
export interface WorkerAddress {
  /** Without credentials and without a trailing slash. */
  readonly url: string
  readonly user: { readonly name: string; readonly password: string } | undefined
}

const DEFAULT_URL = 'http://127.0.0.1:8083'

/**
 * Resolves the worker address from the command line (`--url`, `--user`) or the environment (`HEADRACE_URL`,
 * `HEADRACE_USER`). The URL may contain credentials; `--user` overrides them. Throws a {@link UsageError} whose
 * message never contains a password.
 */
export function workerAddress(
  given: { readonly url: string | undefined; readonly user: string | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): WorkerAddress {
  const text = given.url ?? environment['HEADRACE_URL'] ?? DEFAULT_URL
  const source = given.url === undefined ? 'HEADRACE_URL' : '--url'
  const url = parsedUrl(text, source)
  const inUrl =
    url.username === ''
      ? undefined
      : { name: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  return {
    url: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    user: userOf(given.user, '--user') ?? inUrl ?? userOf(environment['HEADRACE_USER'], 'HEADRACE_USER'),
  }
}

function parsedUrl(text: string, source: string): URL {
  const whole = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url
  throw new UsageError(`${source}: expected the URL of a worker, such as ${DEFAULT_URL}`)
}

function userOf(text: string | undefined, source: string): WorkerAddress['user'] {
  if (text === undefined || text === '') return undefined
  const at = text.indexOf(':')
  if (at <= 0) throw new UsageError(`${source}: expected name:password`)
  return { name: text.slice(0, at), password: text.slice(at + 1) }
}
