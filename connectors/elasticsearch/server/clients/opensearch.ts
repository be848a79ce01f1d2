import { promisify } from 'node:util'
import { gunzip, gzip, inflate } from 'node:zlib'
import { headraceVersion, messageOf } from '../../../../api/index.ts'
import type { ServerRequest } from '../../ports.ts'
import { HttpFailure, type Exchange, type HttpRequest, type HttpResponse } from '../http/message.ts'
import { isBulk, type HostClient } from './host-client.ts'
import { retryAfterMs } from './retry-after.ts'

const compress = promisify(gzip)
const decoders = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
])

/** Sends requests as OpenSearch and all versions of Elasticsearch accept them. docs/decisions tells why no client is used. */
export function opensearchClient(exchange: Exchange, compression: boolean): HostClient {
  return async (request, signal) => {
    const response = await exchange(await httpRequestOf(request, compression), signal)
    return {
      status: response.status,
      retryAfterMs: retryAfterMs(response.headers['retry-after']),
      body: await bodyOf(response),
    }
  }
}

async function httpRequestOf(request: ServerRequest, compression: boolean): Promise<HttpRequest> {
  const { method, path, query, body } = request
  const search = new URLSearchParams(query).toString().replaceAll('+', '%20')
  const sent = body === undefined || !compression ? body : await compress(body)
  return {
    method,
    path: search === '' ? path : `${path}?${search}`,
    headers: {
      'user-agent': `headrace/${headraceVersion}`,
      'accept': 'application/json',
      ...(compression ? { 'accept-encoding': 'gzip,deflate' } : {}),
      ...(sent === undefined ? {} : bodyHeaders(request, sent, compression)),
    },
    ...(sent === undefined ? {} : { body: sent }),
  }
}

function bodyHeaders(
  request: ServerRequest,
  body: string | Buffer,
  compression: boolean,
): Record<string, string> {
  return {
    'content-type': isBulk(request) ? 'application/x-ndjson' : 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...(compression ? { 'content-encoding': 'gzip' } : {}),
  }
}

/** Responses that are not JSON are those of a proxy. */
async function bodyOf({ headers, body }: HttpResponse): Promise<unknown> {
  if (body.length === 0) return undefined
  const decode = decoders.get((headers['content-encoding'] ?? '').toLowerCase())
  try {
    const text = (decode === undefined ? body : await decode(body)).toString()
    return headers['content-type']?.includes('json') === true ? JSON.parse(text) : text
  } catch (error) {
    throw new HttpFailure(messageOf(error), { sent: true, code: '' })
  }
}
