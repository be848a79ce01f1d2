import { once } from 'node:events'
import { createServer, request, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that answers as Elasticsearch. */
export interface AsElasticsearch {
  readonly url: string
  close(): Promise<void>
}

const VERSION = '8.19.0'
const product = { 'x-elastic-product': 'Elasticsearch' }

/**
 * Passes requests on to OpenSearch. What the client of Elastic is strict about is changed: the version, the header of the
 * product, and the names of the content types.
 */
export async function asElasticsearch(opensearch: string): Promise<AsElasticsearch> {
  const { hostname, port } = new URL(opensearch)
  const server = createServer((incoming, outgoing) => {
    const { method, url: path = '/' } = incoming
    if (new URL(path, opensearch).pathname === '/') return answerRoot(outgoing)
    const headers = plainTypes(incoming.headers)
    const passing = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, { ...response.headers, ...product })
      response.pipe(outgoing)
    })
    passing.on('error', () => outgoing.destroy())
    incoming.on('error', () => passing.destroy())
    incoming.pipe(passing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function answerRoot(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'application/json', ...product })
  outgoing.end(JSON.stringify({ version: { number: VERSION }, tagline: 'You Know, for Search' }))
}

/** `application/vnd.elasticsearch+json; compatible-with=8` is `application/json`. */
function plainTypes(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const plain = (text: string) => text.replace(/vnd\.elasticsearch\+([a-z-]+); ?compatible-with=\d+/g, '$1')
  const { 'content-type': type, accept } = headers
  return {
    ...headers,
    ...(type === undefined ? {} : { 'content-type': plain(type) }),
    ...(accept === undefined ? {} : { accept: plain(accept) }),
  }
}
