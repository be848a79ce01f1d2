import { dockerAnswers } from '../docker-engine.ts'
import { startInDocker } from './docker.ts'
import { installElasticsearch, missingForElasticsearch } from './kit.ts'
import { startLocally } from './local.ts'
import type { ElasticsearchOptions, ElasticsearchServer, SearchAddress } from './server.ts'

export { searchDocuments, searchRequest } from './client.ts'
export type { SearchAnswer, SearchDocument } from './client.ts'
export type { ElasticsearchOptions, ElasticsearchServer, SearchAddress } from './server.ts'

/** Name of the environment variable with the URL of an existing Elasticsearch, with `user:password@` if it has security. */
export const ELASTICSEARCH_URL = 'ELASTICSEARCH_URL'

/**
 * Starts an Elasticsearch server of its own: in Docker if an engine responds, otherwise with the Java and Maven of this
 * machine. That one has neither data streams, nor API keys, nor ingest pipelines, nor scripts.
 *
 * If neither is available, throws an error that says what to install.
 */
export async function startElasticsearch(options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
  if (await dockerAnswers()) return startInDocker(options)
  const missing = missingForElasticsearch()
  if (missing === undefined) return startLocally(options)
  throw new Error(
    `No Elasticsearch available: ${ELASTICSEARCH_URL} is not set, no Docker engine responds, and ${missing} is missing.\n` +
      `Do one of the following: set ${ELASTICSEARCH_URL}=http://host:port, start Docker, or ${installElasticsearch}.`,
  )
}

/** Resolves to a server that tests share: from the environment, otherwise started for this process. */
export async function sharedElasticsearch(report?: (text: string) => void): Promise<SearchAddress> {
  const given = process.env[ELASTICSEARCH_URL] ?? ''
  if (given !== '') return addressIn(given)
  started ??= startElasticsearch(report === undefined ? {} : { report })
  return started
}

let started: Promise<ElasticsearchServer> | undefined

/** Returns the environment with which other processes share a server without TLS. */
export function elasticsearchEnvironment({ url, login }: SearchAddress): Record<string, string> {
  const shared = new URL(url)
  shared.username = encodeURIComponent(login?.user ?? '')
  shared.password = encodeURIComponent(login?.password ?? '')
  return { [ELASTICSEARCH_URL]: shared.href.replace(/\/$/, '') }
}

function addressIn(text: string): SearchAddress {
  const { origin, pathname, username, password } = new URL(text)
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  return {
    url: (origin + pathname).replace(/\/$/, ''),
    login: username === '' ? null : login,
    certificate: null,
  }
}
