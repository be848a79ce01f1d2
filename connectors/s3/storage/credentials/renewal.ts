import { ConnectError, messageOf, type Logger } from '../../../../api/index.ts'
import type { Identity, Provider } from './credentials.ts'

/** Credentials are renewed this long before they end, so that a request that is signed now arrives in time. */
export const RENEWED_BEFORE_MS = 5 * 60_000
/** After a failed renewal, the old ones are used until they have this long left. */
const LAST_USED_BEFORE_MS = 10_000
/** Names of errors of STS and of the metadata services that do not go away by themselves. */
const refused =
  /^(?:AccessDenied|Invalid|Malformed|SignatureDoesNotMatch|UnrecognizedClient|PackedPolicy|RegionDisabled|ExpiredToken)/

/** The current credentials of a task. */
export interface RenewedCredentials {
  /**
   * Resolves to credentials that are valid for some time. Rejects with `HR_RETRIABLE` if they cannot be renewed now, and
   * with `HR_CONNECT` if there are none or they are refused.
   */
  current(): Promise<Identity>
  /** Called when the server has refused them as expired: the next call of `current` gets others. */
  invalidate(): void
}

/** Keeps the credentials of a provider and renews them before they end. Several callers share one renewal. */
export function renewed(provider: Provider, log: Logger, now: () => number = Date.now): RenewedCredentials {
  let known: Identity | undefined
  let loaded = false
  let refresh = false
  let pending: Promise<Identity> | undefined

  const msLeft = (identity: Identity): number => (identity.expiration?.getTime() ?? Infinity) - now()
  const load = async (): Promise<Identity> => {
    try {
      known = await provider(refresh ? { forceRefresh: true } : {})
      loaded = true
      refresh = false
      return known
    } catch (error) {
      if (known === undefined || msLeft(known) < LAST_USED_BEFORE_MS) throw failureOf(error, loaded)
      log.warn(`Cannot renew the credentials for S3 yet: ${messageOf(error)}`)
      return known
    }
  }
  return {
    current() {
      if (known !== undefined && msLeft(known) > RENEWED_BEFORE_MS) return Promise.resolve(known)
      pending ??= load().finally(() => (pending = undefined))
      return pending
    },
    invalidate() {
      known = undefined
      refresh = true
    },
  }
}

function failureOf(error: unknown, loaded: boolean): ConnectError {
  const name = error instanceof Error ? error.name : ''
  const text = messageOf(error).replace(/\.$/, '')
  const transient = loaded || isTransient(error, name)
  if (transient && !refused.test(name)) {
    return new ConnectError('HR_RETRIABLE', `Cannot renew the credentials for S3: ${text}.`)
  }
  const remedy =
    'Check s3.credentials.provider.class with its settings and the environment of the worker, or set aws.access.key.id and ' +
    'aws.secret.access.key'
  return new ConnectError('HR_CONNECT', `Cannot get credentials for S3: ${text}. ${remedy}.`)
}

/** Whether a service did not respond, or with an error of its own. */
function isTransient(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown }
  const status = $metadata?.httpStatusCode ?? 0
  return (
    status >= 500 ||
    status === 429 ||
    /^(?:ECONN|ETIMEDOUT|EAI_|ENOTFOUND|EPIPE)/.test(String(code)) ||
    /Throttl|Timeout/.test(name)
  )
}
