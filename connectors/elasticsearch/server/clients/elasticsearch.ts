import type { Client, ConnectionRequestParams } from '@elastic/elasticsearch'
import { ConnectError } from '../../../../api/index.ts'
import type { ServerRequest } from '../../ports.ts'
import type { Exchange, HttpRequest } from '../http/message.ts'
import { wordings } from '../../wording.ts'
import { isBulk, type HostClient } from './host-client.ts'
import { retryAfterMs } from './retry-after.ts'

/** Elastic's client. Its types may be imported anywhere in this folder, its code only through {@link loadClient}. */
export type Elastic = typeof import('@elastic/elasticsearch')

/** Loads the client, which takes about 0.4 s and 30 MB: only tasks and checks that talk to a server pay for it. */
export const loadClient = (): Promise<Elastic> => import('@elastic/elasticsearch')

const PRODUCT = 'Elasticsearch'
/** Accepted by all servers from 7.17 to 9. */
const JSON_TYPE = 'application/vnd.elasticsearch+json; compatible-with=8'
const NOT_ACCEPTABLE = 406
/** Every response is returned, whatever its status. */
const EVERY_STATUS = Array.from({ length: 200 }, (_, index) => 400 + index)

/**
 * Sends requests with Elastic's client, which knows what servers of other versions must be told and verifies that the server
 * is Elasticsearch. The connections are ours: those of the client lose the codes of errors, and limit neither the time for
 * a connection nor that of an idle one. The client sends each request once.
 */
export function elasticsearchClient(
  elastic: Elastic,
  url: string,
  exchange: Exchange,
  compression: boolean,
): HostClient {
  const client = createClient(elastic, url, exchange, compression)
  return async (request, signal) => {
    const options = { meta: true, signal, ignore: EVERY_STATUS, headers: contentType(request) } as const
    try {
      const result = await client.transport.request(paramsOf(request), options)
      const { statusCode, headers, body } = result
      // OpenSearch does not know the content types
      if (statusCode === NOT_ACCEPTABLE && headers['x-elastic-product'] !== PRODUCT) throw otherProduct(url)
      return {
        status: statusCode,
        retryAfterMs: retryAfterMs(headers['retry-after']),
        body: request.method === 'HEAD' || body === '' ? undefined : body,
      }
    } catch (error) {
      throw error instanceof elastic.errors.ProductNotSupportedError ? otherProduct(url) : error
    }
  }
}

function createClient(elastic: Elastic, url: string, exchange: Exchange, compression: boolean): Client {
  class OwnConnection extends elastic.BaseConnection {
    override async request(params: ConnectionRequestParams, options: { readonly signal?: AbortSignal }) {
      const response = await exchange(httpRequestOf(params), options.signal ?? new AbortController().signal)
      return { statusCode: response.status, headers: response.headers, body: response.body } as never
    }

    override close(): Promise<void> {
      return Promise.resolve()
    }
  }
  return new elastic.Client({
    node: url,
    Connection: OwnConnection,
    compression,
    maxRetries: 0,
    sniffOnStart: false,
    sniffOnConnectionFault: false,
    // JSON.parse creates own properties of any name; a field named __proto__ is not a reason to refuse a mapping
    disablePrototypePoisoningProtection: true,
  })
}

function httpRequestOf({
  method,
  path,
  querystring = '',
  headers,
  body,
}: ConnectionRequestParams): HttpRequest {
  return {
    method,
    path: querystring === '' ? path : `${path}?${querystring}`,
    headers: headers as Readonly<Record<string, string>>,
    ...(typeof body === 'string' || Buffer.isBuffer(body) ? { body } : {}),
  }
}

function paramsOf(request: ServerRequest) {
  const { method, path, query, body } = request
  return {
    method,
    path,
    ...(query === undefined ? {} : { querystring: { ...query } }),
    ...(body === undefined ? {} : isBulk(request) ? { bulkBody: body } : { body }),
  }
}

/** The client takes a body that is text already for plain text, unless it consists of lines. */
function contentType(request: ServerRequest): Record<string, string> {
  if (request.body === undefined || isBulk(request)) return {}
  return { 'content-type': JSON_TYPE, 'accept': JSON_TYPE }
}

function otherProduct(url: string): ConnectError {
  return new ConnectError(
    'HR_CONNECT',
    `The server at ${url} is not Elasticsearch 7.14 or newer. ` +
      `For OpenSearch, use the connector class ${wordings.opensearch.connectorClass}.`,
  )
}
