import type { S3Client } from '@aws-sdk/client-s3'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConnectError, type Logger } from '../../../../api/index.ts'
import { isRenewable, providerOf } from '../credentials/credentials.ts'
import { renewed } from '../credentials/renewal.ts'
import { explain, Unanswered } from '../errors/failures.ts'
import type { StorageSettings } from '../settings.ts'
import { createClient } from './client.ts'
import type { TimeLimits } from './limits.ts'
import { loadSdk, type Sdk } from './sdk.ts'

/** A request, for its error and its limits. */
export interface RequestAbout {
  /** Completes "Cannot …". */
  readonly doing: string
  /** The action that policies name, such as `s3:PutObject`. */
  readonly permission: string
  /** Size of the body that is sent. */
  readonly bytes?: number
  /** How often it is repeated; as configured by default. */
  readonly retries?: number
  /** Whether the body of the response is read afterwards, so that only the idle timeout bounds the request. */
  readonly streams?: boolean
}

export interface SendOptions {
  readonly abortSignal: AbortSignal
}

/** Sends requests with the SDK. */
export interface Requests {
  /**
   * Calls `send`, again after a failure that may go away, as often as configured; each time within the limits.
   *
   * Rejects with a ConnectError (see `explain`), or with the reason of the signal.
   */
  run<T>(
    about: RequestAbout,
    signal: AbortSignal,
    send: (client: S3Client, sdk: Sdk, options: SendOptions) => Promise<T>,
  ): Promise<T>
  /** Called by a reader that continues a response itself. */
  repeated(error: ConnectError): void
  /** A time to wait before attempt number `attempt`, from 0, is repeated. */
  backoffMs(attempt: number): number
  /** How far the clock of the server is ahead, in milliseconds, by the last response. */
  readonly clockAheadMs: number | undefined
  /** Region of the bucket, if a response told it. */
  readonly bucketRegion: string | undefined
  close(): void
}

/** Called before a request is repeated. */
export type OnRetry = (error: ConnectError) => void

export function openRequests(
  settings: StorageSettings,
  log: Logger,
  limits: TimeLimits,
  onRetry: OnRetry,
): Requests {
  const { bucket, region } = settings
  const renewable = isRenewable(settings.credentials)
  const provider = providerOf(settings.credentials, region, log)
  const credentials = provider === undefined ? undefined : renewed(provider, log)
  const told: { clockAheadMs?: number; bucketRegion?: string } = {}
  let connection: Promise<readonly [S3Client, Sdk]> | undefined
  let closed = false

  const connect = async (): Promise<readonly [S3Client, Sdk]> => {
    const sdk = await loadSdk()
    const current = credentials === undefined ? undefined : () => credentials.current()
    const client = createClient(sdk, settings, current, limits, ({ date, bucketRegion }) => {
      if (bucketRegion !== undefined) told.bucketRegion = bucketRegion
      if (date !== undefined) told.clockAheadMs = Date.parse(date) - Date.now()
    })
    return [client, sdk]
  }
  return {
    async run(about, signal, send) {
      const retries = about.retries ?? settings.partRetries
      for (let attempt = 0; ; attempt++) {
        signal.throwIfAborted()
        if (closed)
          throw new ConnectError('HR_ILLEGAL_STATE', `Cannot ${about.doing}: the storage is closed.`)
        try {
          const [client, sdk] = await (connection ??= connect())
          return await withDeadline(about, limits, signal, (abortSignal) =>
            send(client, sdk, { abortSignal }),
          )
        } catch (error) {
          signal.throwIfAborted()
          const failure = explain(error, { ...about, bucket, region, renewable })
          if (failure.expired) credentials?.invalidate()
          if (!failure.again || attempt >= retries) throw failure.error
          onRetry(failure.error)
          await sleep(backoffMs(settings, attempt), undefined, { signal }).catch(() => {})
        }
      }
    },
    repeated: onRetry,
    backoffMs: (attempt) => backoffMs(settings, attempt),
    get clockAheadMs() {
      return told.clockAheadMs
    },
    get bucketRegion() {
      return told.bucketRegion
    },
    close() {
      closed = true
      void connection?.then(([client]) => client.destroy()).catch(() => {})
    },
  }
}

/** A random time below the limit, which doubles with each attempt. Source: the full jitter of the SDK for Java. */
function backoffMs({ retryBackoffMs, retryBackoffMaxMs }: StorageSettings, attempt: number): number {
  return Math.random() * Math.min(retryBackoffMaxMs, retryBackoffMs * 2 ** attempt)
}

/** Calls `send` with a signal that is also aborted at the deadline. */
async function withDeadline<T>(
  { bytes = 0, streams = false }: RequestAbout,
  { requestMs, bytesPerMs }: TimeLimits,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (streams) return send(signal)
  const controller = new AbortController()
  const abort = (): void => controller.abort(signal.reason)
  const deadlineMs = requestMs + bytes / bytesPerMs
  const timer = setTimeout(() => controller.abort(), deadlineMs)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await send(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted || signal.aborted) throw error
    throw new Unanswered(`the request has not ended within ${Math.round(deadlineMs / 1000)} seconds`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
