import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import type { Provider } from '../credentials/credentials.ts'
import type { StorageSettings } from '../settings.ts'
import type { TimeLimits } from './limits.ts'
import { httpProxy, TunnelAgent, type HttpProxy } from './proxy.ts'
import type { Sdk } from './sdk.ts'

const MAX_SOCKETS = 50
/** Smaller bodies are sent at once: the round trip would take longer than the body. Source: the SDK's default. */
const EXPECT_CONTINUE_FROM_BYTES = 2 * 1024 * 1024

/** Attributes of a response that the SDK does not return. */
export interface ResponseAttributes {
  readonly date: string | undefined
  readonly bucketRegion: string | undefined
}

/** Creates the client of the SDK. `onResponse` is called for each response, also for errors. */
export function createClient(
  sdk: Sdk,
  settings: StorageSettings,
  credentials: Provider | undefined,
  limits: TimeLimits,
  onResponse: (response: ResponseAttributes) => void,
): S3Client {
  const proxy = settings.proxy === null ? undefined : httpProxy(settings.proxy)
  const endpoint = settings.endpoint === null ? undefined : withScheme(settings.endpoint)
  const tunnels = proxy !== undefined && endpoint?.startsWith('http:') !== true
  const client = new sdk.S3Client({
    region: settings.region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: settings.pathStyle,
    useAccelerateEndpoint: settings.accelerate,
    maxAttempts: 1, // requests.ts repeats requests: it knows the settings, the signal of the task and what to report
    ...signing(credentials),
    requestHandler: {
      connectionTimeout: limits.connectMs,
      socketTimeout: limits.idleMs,
      httpAgent: { maxSockets: MAX_SOCKETS },
      httpsAgent: tunnels ? new TunnelAgent(proxy, MAX_SOCKETS) : { maxSockets: MAX_SOCKETS },
    },
    // the SDK does not wait for the answer if the connection is not one of its own
    expectContinueHeader: settings.expectContinue && !tunnels ? EXPECT_CONTINUE_FROM_BYTES : false,
    requestChecksumCalculation: 'WHEN_SUPPORTED',
    // parts of objects are read: their checksums are those of the whole object on some servers
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  observe(client, onResponse)
  if (endpoint?.startsWith('http:') !== true) leaveBodiesUnsigned(client)
  if (proxy !== undefined && !tunnels) sendThrough(client, proxy)
  return client
}

/** Adds https to an address without scheme. Source: S3Storage.newS3Client. */
export function withScheme(endpoint: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint) ? endpoint : `https://${endpoint}`
}

function signing(credentials: Provider | undefined): Pick<S3ClientConfig, 'credentials' | 'signer'> {
  if (credentials === undefined) {
    return {
      credentials: { accessKeyId: '', secretAccessKey: '' },
      signer: { sign: (request) => Promise.resolve(request) },
    }
  }
  // marked as memoized, because the SDK would otherwise keep credentials that the server has refused as expired
  return { credentials: Object.assign((options?: object) => credentials(options), { memoized: true }) }
}

function observe(client: S3Client, onResponse: (response: ResponseAttributes) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> }
      onResponse({ date: headers?.['date'], bucketRegion: headers?.['x-amz-bucket-region'] })
      return result
    },
    { step: 'deserialize', priority: 'low', name: 'observeResponse' },
  )
}

/**
 * TLS and the CRC32 protect bodies already: their SHA-256 would take a third of the time of an upload. Source: the SDK for
 * Java, which does not sign bodies over https.
 */
function leaveBodiesUnsigned(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { body, headers } = args.request as { body?: unknown; headers: Record<string, string> }
      if (Buffer.isBuffer(body)) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD'
      return next(args)
    },
    { step: 'build', priority: 'low', name: 'leaveBodiesUnsigned' },
  )
}

/** Sends signed requests for http addresses to the proxy, with the whole URL as their path (RFC 9112, 3.2.2). */
function sendThrough(client: S3Client, proxy: HttpProxy): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as {
        protocol: string
        hostname: string
        port?: number
        path: string
        headers: Record<string, string>
      }
      const host = request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`
      request.path = `http://${host}${request.path}`
      request.protocol = proxy.protocol
      request.hostname = proxy.hostname
      request.port = proxy.port
      if (proxy.authorization !== undefined) request.headers['proxy-authorization'] = proxy.authorization
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'sendThroughProxy' },
  )
}
