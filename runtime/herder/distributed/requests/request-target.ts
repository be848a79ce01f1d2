import { ConnectError, isConnectError } from '../../../../api/index.ts'

const targets = new WeakMap<ConnectError, { readonly url: string | undefined }>()

/**
 * Another worker must handle the request. `url` is its REST URL; undefined when it is unknown.
 *
 * Source: NotLeaderException, NotAssignedException.
 */
export function otherWorker(message: string, url: string | undefined): ConnectError {
  const error = new ConnectError('HR_NOT_LEADER', message)
  targets.set(error, { url: url === '' ? undefined : url })
  return error
}

/** The worker to forward the request to; undefined for other errors. */
export function targetOf(error: unknown): { readonly url: string | undefined } | undefined {
  return isConnectError(error) ? targets.get(error) : undefined
}
