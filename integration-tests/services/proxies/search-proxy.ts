import type { IncomingMessage } from 'node:http'
import { startFaultProxy, type FaultProxy, type HttpFault, type ProxiedRequest } from './fault-proxy.ts'

/** What happens to a request. */
export type SearchFault =
  | HttpFault
  /** The server does not get it; the proxy answers with an error as Elasticsearch does. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly type: string
      readonly reason?: string
      readonly headers?: Readonly<Record<string, string>>
    }

/**
 * Passes requests on to Elasticsearch or OpenSearch, and answers chosen ones otherwise. Operations have names such as
 * `POST _bulk`, `PUT _mapping`, and `HEAD index`.
 */
export type SearchProxy = FaultProxy<ProxiedRequest, SearchFault>

/** The client of Elastic refuses answers without the header. */
const headersOfElasticsearch = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }

export async function startSearchProxy(url: string): Promise<SearchProxy> {
  const proxy = await startFaultProxy(url, operationOf)
  return { ...proxy, fail: (operation, fault, times) => proxy.fail(operation, httpFault(fault), times) }
}

function operationOf({ method = '', url = '/' }: IncomingMessage): ProxiedRequest {
  const names = new URL(url, 'http://localhost').pathname.split('/').filter((name) => name !== '')
  const what = names.find((name) => name.startsWith('_')) ?? (names.length === 0 ? 'server' : 'index')
  return { operation: `${method} ${what}` }
}

function httpFault(fault: SearchFault): HttpFault {
  if (fault.kind !== 'answer') return fault
  const { status, type, reason = 'a fault of the test', headers } = fault
  const body = JSON.stringify({ error: { type, reason }, status })
  return { kind: 'body', status, body, headers: { ...headersOfElasticsearch, ...headers } }
}
