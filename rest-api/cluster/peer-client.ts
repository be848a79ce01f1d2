import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { ConnectError, messageOf } from '../../api/index.ts'
import type { PeerAnswer, PeerRequest, Peers } from '../../runtime/index.ts'

const TIMEOUT_MS = 90_000
/** Far above the size of any regular response. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** Creates a client for other workers. HTTPS uses the TLS settings of the REST API. Source: RestClient. */
export function createPeers(tls: () => Promise<SecureContextOptions>): Peers {
  let secure: Promise<SecureContextOptions> | undefined
  return {
    request: async (peer) => {
      const https = peer.url.startsWith('https://')
      const options = https ? await (secure ??= tls()) : {}
      return exchange(https ? httpsRequest : httpRequest, options, peer)
    },
  }
}

function exchange(
  start: typeof httpsRequest,
  tls: SecureContextOptions,
  { method, url, body, headers }: PeerRequest,
): Promise<PeerAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        new ConnectError('HR_CONNECT', `${method} ${url.split('?', 1)[0]}: ${messageOf(error)}`, {
          cause: error,
        }),
      )
    const content = body === undefined ? undefined : Buffer.from(body)
    const request = start(
      url,
      {
        ...tls,
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          'accept': 'application/json',
          'user-agent': 'kafka-connect',
          ...(content === undefined
            ? { 'content-length': 0 }
            : { 'content-type': 'application/json', 'content-length': content.length }),
          ...headers,
        },
      },
      (response) => readAnswer(response).then(resolve, fail),
    )
    request.on('error', fail)
    request.end(content)
  })
}

async function readAnswer(response: IncomingMessage): Promise<PeerAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > MAX_ANSWER_BYTES) throw new Error(`the response is larger than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const status = response.statusCode ?? 0
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  )
  return { status, headers, body: text === '' ? undefined : parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // such as the error page of a proxy; the status suffices
  }
}
