import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { waitFor } from '../wait-for.ts'
import { START_TIMEOUT_MS, type SearchAddress } from './server.ts'

/** A response, whatever its status. */
export interface SearchAnswer {
  readonly status: number
  /** The parsed JSON; undefined without a body. */
  readonly body: unknown
}

/** A document of an index. */
export interface SearchDocument {
  readonly _id: string
  readonly _version: number
  readonly _source: Readonly<Record<string, unknown>>
}

const ANSWER_TIMEOUT_MS = 60_000
const PAGE = 5000

/** Sends a request to a server of the tests. A body is sent as JSON, and an array as lines of JSON. */
export function searchRequest(
  address: SearchAddress,
  method: string,
  path: string,
  body?: object,
): Promise<SearchAnswer> {
  const text = body === undefined ? undefined : Array.isArray(body) ? linesOf(body) : JSON.stringify(body)
  const { login, certificate } = address
  const type = Array.isArray(body) ? 'application/x-ndjson' : 'application/json'
  const outgoing = (address.url.startsWith('https:') ? httpsRequest : httpRequest)(address.url + path, {
    method,
    timeout: ANSWER_TIMEOUT_MS,
    headers: text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) },
    ...(login === null ? {} : { auth: `${login.user}:${login.password}` }),
    ...(certificate === null ? {} : { ca: certificate }),
    agent: false,
  })
  return new Promise((resolve, reject) => {
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer`)))
    outgoing.on('error', reject)
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.once('end', () => {
        const answer = Buffer.concat(chunks).toString()
        resolve({
          status: incoming.statusCode ?? 0,
          body: answer === '' ? undefined : (JSON.parse(answer) as unknown),
        })
      })
    })
    outgoing.end(text)
  })
}

const linesOf = (lines: readonly unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** Resolves to all documents of an index, after a refresh, by id. Throws unless the index exists. */
export async function searchDocuments(
  address: SearchAddress,
  index: string,
): Promise<Map<string, SearchDocument>> {
  await expectOk(address, 'POST', `/${index}/_refresh`)
  const documents = new Map<string, SearchDocument>()
  // both Elasticsearch and OpenSearch have scrolls
  const query = { size: PAGE, version: true, sort: ['_doc'] }
  let page = (await expectOk(address, 'POST', `/${index}/_search?scroll=2m`, query)) as Page
  while (page.hits.hits.length > 0) {
    for (const hit of page.hits.hits) documents.set(hit._id, hit)
    const next = { scroll: '2m', scroll_id: page._scroll_id }
    page = (await expectOk(address, 'POST', '/_search/scroll', next)) as Page
  }
  await expectOk(address, 'DELETE', '/_search/scroll', { scroll_id: page._scroll_id })
  return documents
}

/** A page of a scroll. */
interface Page {
  readonly _scroll_id: string
  readonly hits: { readonly hits: readonly SearchDocument[] }
}

async function expectOk(
  address: SearchAddress,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const answer = await searchRequest(address, method, path, body)
  if (answer.status < 300) return answer.body
  throw new Error(`${method} ${path} returned ${answer.status}: ${JSON.stringify(answer.body)}`)
}

/** Waits until a server can be used. `hasEnded` tells whether there is no hope. */
export async function untilUsable(
  address: SearchAddress,
  hasEnded: () => boolean,
  log: () => string,
): Promise<void> {
  const path = '/_cluster/health?wait_for_status=yellow&timeout=1s'
  const outcome = await waitFor(
    async () => {
      const answer = await searchRequest(address, 'GET', path).catch(() => undefined)
      return answer?.status === 200 ? 'ready' : hasEnded() ? 'ended' : undefined
    },
    { timeoutMs: START_TIMEOUT_MS, what: () => `the server to answer; its log is\n${log()}` },
  )
  if (outcome === 'ended') throw new Error(`the server exited; its log is\n${log()}`)
}
