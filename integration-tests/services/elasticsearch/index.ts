import { dockerAnswers } from '../docker-engine.ts'
import { elasticsearch, opensearch, type Distribution } from './distributions.ts'
import { startInDocker } from './docker.ts'
import { installServer, missingForServer } from './kit.ts'
import { startLocally } from './local.ts'
import type { ElasticsearchOptions, SearchAddress, SearchServerOptions, TestSearchServer } from './server.ts'

export { searchDocuments, searchRequest } from './client.ts'
export type { SearchAnswer, SearchDocument } from './client.ts'
export type { ElasticsearchOptions, SearchAddress, SearchServerOptions, TestSearchServer } from './server.ts'

/**
 * Starts an Elasticsearch server of its own: in Docker if an engine responds, otherwise with the Java and Maven of this
 * machine. That one has no API keys, ingest pipelines, scripts and requests about data streams.
 *
 * If neither is available, throws an error that says what to install.
 */
export const startElasticsearch = (options: ElasticsearchOptions = {}): Promise<TestSearchServer> =>
  start(elasticsearch, options)

/** Starts an OpenSearch server without security in the same way. It has data streams. */
export const startOpenSearch = (options: SearchServerOptions = {}): Promise<TestSearchServer> =>
  start(opensearch, options)

async function start(distribution: Distribution, options: ElasticsearchOptions): Promise<TestSearchServer> {
  if (await dockerAnswers()) return startInDocker(distribution, options)
  const missing = missingForServer()
  if (missing === undefined) return startLocally(distribution, options)
  const { name, variable } = distribution
  throw new Error(
    `No ${name} available: ${variable} is not set, no Docker engine responds, and ${missing} is missing.\n` +
      `Do one of the following: set ${variable}=http://host:port, start Docker, or ${installServer}.`,
  )
}

/** Called before a step that takes time, with its description. */
type Report = (text: string) => void

/** Resolves to a server that tests share: from the environment, otherwise started for this process. */
export function sharedElasticsearch(report?: Report): Promise<SearchAddress> {
  return shared(elasticsearch, report)
}

/** Like {@link sharedElasticsearch}. */
export function sharedOpenSearch(report?: Report): Promise<SearchAddress> {
  return shared(opensearch, report)
}

const started = new Map<Distribution, Promise<TestSearchServer>>()

async function shared(distribution: Distribution, report: Report | undefined): Promise<SearchAddress> {
  const given = process.env[distribution.variable] ?? ''
  if (given !== '') return addressIn(given)
  const server = started.get(distribution) ?? start(distribution, report === undefined ? {} : { report })
  started.set(distribution, server)
  return server
}

/**
 * Starts the shared servers that tests with these texts use, unless their addresses are given. Resolves to the environment
 * with which other processes share them.
 */
export async function searchEnvironment(
  texts: readonly string[],
  report?: Report,
): Promise<Record<string, string>> {
  const uses = (name: string) => texts.some((text) => text.includes(name))
  return {
    ...(uses(sharedElasticsearch.name)
      ? { [elasticsearch.variable]: urlOf(await sharedElasticsearch(report)) }
      : {}),
    ...(uses(sharedOpenSearch.name) ? { [opensearch.variable]: urlOf(await sharedOpenSearch(report)) } : {}),
  }
}

function urlOf({ url, login }: SearchAddress): string {
  const complete = new URL(url)
  complete.username = encodeURIComponent(login?.user ?? '')
  complete.password = encodeURIComponent(login?.password ?? '')
  return complete.href.replace(/\/$/, '')
}

function addressIn(text: string): SearchAddress {
  const { origin, pathname, username, password } = new URL(text)
  const login = { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  const url = (origin + pathname).replace(/\/$/, '')
  return { url, login: username === '' ? null : login, certificate: null }
}
