import { ConnectError, isConnectError } from '../../../../api/index.ts'

const targets = new WeakMap<ConnectError, { readonly url: string | undefined }>()

/**
 * Another worker has to answer. `url` is that of its REST API; undefined when nobody knows who it is.
 *
 * Source: NotLeaderException, NotAssignedException.
 */
export function otherWorker(message: string, url: string | undefined): ConnectError {
  const error = new ConnectError('HR_NOT_LEADER', message)
  targets.set(error, { url: url === '' ? undefined : url })
  return error
}

/** Who has to answer instead; undefined when the error is of another kind. */
export function targetOf(error: unknown): { readonly url: string | undefined } | undefined {
  return isConnectError(error) ? targets.get(error) : undefined
}
