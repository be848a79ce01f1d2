import { isConnectError, messageOf, type Finding } from '../../../api/index.ts'
import { versionOf } from '../config/checks/connection.ts'
import type { SearchServer, ServerResponse } from '../ports.ts'
import type { Product } from '../server/index.ts'
import { at } from '../server/body.ts'
import { wordings } from '../wording.ts'
import { error, info, warning } from '../../shared/finding.ts'

/** What is known of a server that answers. */
export interface Reached {
  readonly findings: readonly Finding[]
  /** Whether further questions make sense. */
  readonly usable: boolean
}

/** Asks the server what it is. */
export async function reach(server: SearchServer, product: Product, signal: AbortSignal): Promise<Reached> {
  try {
    return identified(await server.request({ method: 'GET', path: '/' }, signal), product)
  } catch (failure) {
    if (signal.aborted) return unusable(incomplete)
    if (!isConnectError(failure)) throw failure
    return unusable(unreachable(messageOf(failure)))
  }
}

export const incomplete = info(
  'diagnosis-incomplete',
  'The server has not answered in time, so it was not checked completely.',
  'Try again, or check the connection to the server.',
)

const unusable = (finding: Finding): Reached => ({ findings: [finding], usable: false })

function unreachable(message: string): Finding {
  if (message.includes(' is not Elasticsearch ')) return otherProduct(message)
  const isTls = /certificate|TLS/i.test(message)
  return error(
    isTls ? 'certificate-refused' : 'server-unreachable',
    message,
    isTls
      ? 'Check the trust store and the names in the certificate of the server.'
      : 'Check connection.url, the network between the worker and the server, and whether the server runs.',
  )
}

const otherProduct = (message: string): Finding =>
  error('other-product', message, `Use ${wordings.opensearch.connectorClass} for OpenSearch.`)

function identified(response: ServerResponse, product: Product): Reached {
  const { status, body } = response
  if (status === 401) {
    return unusable(
      error(
        'credentials-refused',
        'The server does not accept the credentials (HTTP 401).',
        `Check ${wordings[product].login}.`,
      ),
    )
  }
  if (status === 403) {
    const message = 'The user may not ask for the version of the server (HTTP 403).'
    return {
      findings: [info('version-unknown', message, 'Allow the cluster privilege monitor.')],
      usable: true,
    }
  }
  if (status >= 300) return unusable(error('server-failing', `The server answers with HTTP ${status}.`, null))
  return { findings: versionFindings(body, product), usable: true }
}

function versionFindings(body: unknown, product: Product): readonly Finding[] {
  const version = versionOf(body)
  if (version === undefined) {
    return [warning('version-unknown', 'The server does not tell its version.', 'Check connection.url.')]
  }
  const distribution = at(body, 'version', 'distribution')
  const actual: Product = distribution === 'opensearch' ? 'opensearch' : 'elasticsearch'
  if (actual === product)
    return [info('server-version', `The server is ${wordings[actual].product} ${version}.`)]
  return [
    error(
      'other-product',
      `The server is ${wordings[actual].product} ${version}, but the connector is one for ${wordings[product].product}.`,
      `Use ${wordings[actual].connectorClass}.`,
    ),
  ]
}
