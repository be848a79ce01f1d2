import { messageOf, type ConfigFault } from '../../../../api/index.ts'
import type { SearchServer, ServerResponse } from '../../ports.ts'
import { textAt } from '../../server/body.ts'
import type { ElasticsearchSinkConfig } from '../definition.ts'
import { externalResources } from '../external-resources.ts'
import { serverSettings, usesTlsSettings } from '../server-settings.ts'
import { externalKind, usesDataStreams } from '../targets.ts'
import { faultOf } from './fault.ts'

const URL_KEY = 'connection.url'
const OLDEST = [7, 0]
const OLDEST_WITH_DATA_STREAMS = [7, 9]

/**
 * Connects to the server, and returns what keeps the connector from working with it: it does not respond, its version, and
 * missing resources.
 *
 * Source: Validator.validateConnection, validateVersion, validateResourceExists.
 */
export async function connectionFaults(
  config: ElasticsearchSinkConfig,
  server: SearchServer,
  signal: AbortSignal,
): Promise<readonly ConfigFault[]> {
  let response: ServerResponse
  try {
    response = await server.request({ method: 'GET', path: '/' }, signal)
  } catch (error) {
    return unreachableFaults(config, ` Error message: ${messageOf(error)}`)
  }
  // The server is there, but the user may not ask for its version
  if (response.status === 403) return resourceFaults(config, server, signal)
  if (response.status >= 300) return unreachableFaults(config, ` ${answer(response)}`)
  const version = versionFaults(config, response.body)
  return [...version, ...(await resourceFaults(config, server, signal))]
}

const answer = ({ status }: ServerResponse): string => `Error message: the server answered with ${status}`

function unreachableFaults(config: ElasticsearchSinkConfig, detail: string): readonly ConfigFault[] {
  const { login, proxy } = serverSettings(config)
  const could = 'Could not connect to Elasticsearch.'
  const user = ['connection.username', 'connection.password']
  return [
    ...faultOf(could + detail, URL_KEY),
    ...(login?.kind === 'basic'
      ? faultOf(`Could not authenticate the user. Check the '${user[0]}' and '${user[1]}'.${detail}`, ...user)
      : []),
    ...(login?.kind === 'api-key'
      ? faultOf(`Could not authenticate the API key.${detail}`, 'headrace.api.key')
      : []),
    ...(usesTlsSettings(config)
      ? faultOf(`${could} Check your SSL settings.${detail}`, 'elastic.security.protocol')
      : []),
    ...(proxy === null
      ? []
      : faultOf(
          `${could} Check your proxy settings.${detail}`,
          'proxy.host',
          'proxy.port',
          ...(proxy.login === null ? [] : ['proxy.username', 'proxy.password']),
        )),
  ]
}

function versionFaults(config: ElasticsearchSinkConfig, body: unknown): readonly ConfigFault[] {
  const version = versionOf(body)
  if (version === undefined) return []
  if (isOlder(version, OLDEST)) {
    return faultOf(
      `The connector is not compatible with Elasticsearch version ${version}. Elasticsearch version must be at least 7.0.0.`,
      URL_KEY,
    )
  }
  if (!usesDataStreams(config) || !isOlder(version, OLDEST_WITH_DATA_STREAMS)) return []
  return faultOf(
    `Elasticsearch version ${version} is not compatible with data streams. Elasticsearch version must be at least 7.9.0.`,
    URL_KEY,
    'data.stream.type',
    'data.stream.dataset',
  )
}

/** The version in the response to a request of `/`, such as `8.19.21`; undefined if there is none. */
export function versionOf(body: unknown): string | undefined {
  return textAt(body, 'version', 'number')
}

function isOlder(version: string, oldest: readonly number[]): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const at = oldest.findIndex((part, index) => part !== (numbers[index] ?? 0))
  return at >= 0 && (numbers[at] ?? 0) < (oldest[at] ?? 0)
}

async function resourceFaults(
  config: ElasticsearchSinkConfig,
  server: SearchServer,
  signal: AbortSignal,
): Promise<readonly ConfigFault[]> {
  const kind = externalKind(config)
  if (kind === undefined) return []
  const key = 'topic.to.external.resource.mapping'
  for (const resource of externalResources(config).resourceOf.values()) {
    const what = `${config['external.resource.usage'].toLowerCase()} '${resource}'`
    const name = encodeURIComponent(resource)
    const path = kind.startsWith('alias') ? `/_alias/${name}` : `/${name}`
    try {
      const response = await server.request({ method: 'HEAD', path }, signal)
      if (response.status === 404) return faultOf(`${what} does not exist in Elasticsearch`, key)
      if (response.status >= 300)
        return faultOf(`Failed to check if ${what} exists: ${answer(response)}`, key)
    } catch (error) {
      return faultOf(`Failed to check if ${what} exists: ${messageOf(error)}`, key)
    }
  }
  return []
}
