import { pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Distribution } from './distributions.ts'

/** An Elasticsearch or OpenSearch server of the tests, with one node. It can be stopped, killed and suspended. */
export interface TestSearchServer extends SearchAddress {
  /** Shuts the server down. Its data is kept. */
  stop(): Promise<void>
  /** Kills the server like `kill -9`. */
  kill(): Promise<void>
  /** Suspends the server: its connections stay open, but it does not respond until {@link thaw}. */
  freeze(): Promise<void>
  thaw(): Promise<void>
  /** Starts the stopped server with its data. Resolves once it answers. */
  start(): Promise<void>
}

/** Where a server is, and how to log in. */
export interface SearchAddress {
  /** URL, such as http://127.0.0.1:9200. The same after a restart. */
  readonly url: string
  /** A superuser; null if the server has no security. */
  readonly login: { readonly user: string; readonly password: string } | null
  /** The certificate authority of the server in PEM format; null without TLS. */
  readonly certificate: string | null
}

export interface SearchServerOptions {
  /** Additional settings of the server, such as thread_pool.write.queue_size. */
  readonly settings?: Readonly<Record<string, string>>
  /** Memory of the JVM, such as 1g; 512m by default. */
  readonly heap?: string
  /** Whether the server runs long enough for all optimizations of the JVM; it starts more slowly then. */
  readonly optimized?: boolean
  /** Called before a step that takes time, with its description. */
  readonly report?: (text: string) => void
}

/** OpenSearch has no security without a plugin, which Maven does not have. */
export interface ElasticsearchOptions extends SearchServerOptions {
  /** Whether users must log in, and whether connections use TLS as well. */
  readonly security?: 'none' | 'login' | 'tls'
}

export const START_TIMEOUT_MS = 180_000

const USER = 'headrace'
const PASSWORD = 'elasticsearch-of-tests'
const DEFAULT_HEAP = '512m'

export const loginOf = ({ security = 'none' }: ElasticsearchOptions): SearchAddress['login'] =>
  security === 'none' ? null : { user: USER, password: PASSWORD }

/** Options of the JVM. By default, they give up speed of long runs for that of the start. */
export const javaOptions = ({ heap = DEFAULT_HEAP, optimized = false }: SearchServerOptions): string[] => [
  `-Xms${heap}`,
  `-Xmx${heap}`,
  ...(optimized ? [] : ['-XX:TieredStopAtLevel=1']),
]

/** Names of files in the folder of the configuration. */
export const KEY_FILE = 'server.key'
export const CERTIFICATE_FILE = 'server.crt'

/** Returns settings that do not depend on where the server runs. The disk of a test machine may be nearly full. */
export function serverSettings(
  { name }: Distribution,
  { security = 'none', settings }: ElasticsearchOptions,
): Record<string, string> {
  return {
    'cluster.name': 'headrace-tests',
    'discovery.type': 'single-node',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    ...(name === 'Elasticsearch' ? securitySettings(security) : {}),
    ...settings,
  }
}

function securitySettings(security: 'none' | 'login' | 'tls'): Record<string, string> {
  const files = { key: KEY_FILE, certificate: CERTIFICATE_FILE }
  return {
    'xpack.security.enabled': String(security !== 'none'),
    'xpack.security.http.ssl.enabled': String(security === 'tls'),
    'xpack.security.transport.ssl.enabled': 'false',
    ...(security === 'tls' ? withPrefix('xpack.security.http.ssl.', files) : {}),
  }
}

const withPrefix = (prefix: string, settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [prefix + name, value]))

/** Returns files of the configuration with the user, whose password Elasticsearch stores as a hash. */
export function userFiles(options: ElasticsearchOptions): Record<string, string> {
  const login = loginOf(options)
  if (login === null) return {}
  return {
    users: `${login.user}:${passwordHash(login.password)}\n`,
    users_roles: `superuser:${login.user}\n`,
  }
}

/** Source: Hasher.PBKDF2_1000 of Elasticsearch. */
function passwordHash(password: string): string {
  const rounds = 1000
  const salt = randomBytes(32)
  const hash = pbkdf2Sync(password, salt, rounds, 32, 'sha512')
  return `{PBKDF2}${rounds}$${salt.toString('base64')}$${hash.toString('base64')}`
}
