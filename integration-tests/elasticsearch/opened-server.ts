import type { TestContext } from 'node:test'
import { Secret, type Logger } from '../../api/index.ts'
import type { SearchServer, ServerRequest, ServerResponse } from '../../connectors/elasticsearch/ports.ts'
import { openServer, type ServerSettings } from '../../connectors/elasticsearch/server/index.ts'
import type { SslConfig } from '../../java/index.ts'
import type { SearchAddress } from '../services/index.ts'

export const never: AbortSignal = new AbortController().signal

/** TLS settings with their defaults. */
export const defaultTls: SslConfig = {
  'ssl.endpoint.identification.algorithm': 'https',
  'ssl.enabled.protocols': ['TLSv1.2', 'TLSv1.3'],
  'ssl.cipher.suites': null,
  'ssl.truststore.location': null,
  'ssl.truststore.password': null,
  'ssl.truststore.certificates': null,
  'ssl.keystore.location': null,
  'ssl.keystore.password': null,
  'ssl.key.password': null,
  'ssl.keystore.key': null,
  'ssl.keystore.certificate.chain': null,
}

/** Connections of a connector to a server of the tests, closed at the end of the test. */
export interface OpenedServer {
  readonly server: SearchServer
  readonly warnings: readonly string[]
  send(request: ServerRequest, signal?: AbortSignal): Promise<ServerResponse>
}

export function openFor(
  t: TestContext,
  { url, login, certificate }: SearchAddress,
  changes: Partial<ServerSettings> = {},
): OpenedServer {
  const warnings: string[] = []
  const nothing = () => {}
  const log: Logger = {
    error: nothing,
    warn: (text) => void warnings.push(text),
    info: nothing,
    debug: nothing,
    trace: nothing,
  }
  const trusted = certificate === null ? null : new Secret(certificate)
  const server = openServer(
    {
      product: 'elasticsearch',
      urls: [url],
      login:
        login === null ? null : { kind: 'basic', user: login.user, password: new Secret(login.password) },
      tls: trusted === null ? null : { ...defaultTls, 'ssl.truststore.certificates': trusted },
      proxy: null,
      connectTimeoutMs: 10_000,
      readTimeoutMs: 60_000,
      compression: false,
      maxIdleMs: 60_000,
      ...changes,
    },
    log,
  )
  t.after(() => server.close())
  return { server, warnings, send: (request, signal = never) => server.request(request, signal) }
}

/** Returns a request that writes documents with ids from 0, each with a text of so many letters. */
export function bulkOf(index: string, count: number, letters = 10): ServerRequest {
  const text = 'x'.repeat(letters)
  const lines = Array.from(
    { length: count },
    (_, id) => `{"index":{"_index":"${index}","_id":"${id}"}}\n{"text":"${text}"}\n`,
  )
  return {
    method: 'POST',
    path: '/_bulk',
    query: { filter_path: 'errors,items.*.error' },
    body: lines.join(''),
  }
}
