import { ConnectError } from '../../../../api/index.ts'
import type { Operation, Outcome } from '../../ports.ts'
import { CONFLICT, isRefusal, temporaryCause, type RetryCause } from './causes.ts'
import { deniedError } from './denied.ts'
import { serverError, textOf, type ServerError } from './server-error.ts'

/** What the server says about one operation of a request. */
export type ItemResult =
  | { readonly kind: 'settled'; readonly outcome: Outcome }
  | {
      readonly kind: 'again'
      readonly cause: RetryCause
      readonly status: number
      readonly error: ServerError
    }
  | { readonly kind: 'fatal'; readonly error: ConnectError }

export const WRITTEN: ItemResult = { kind: 'settled', outcome: { kind: 'written' } }

const currentVersion = /current version \[(\d+)\]/

/**
 * Returns the result of one item of a response.
 *
 * Source: ElasticsearchClient.handleResponse. Differs: errors that may pass are retried per operation, where Java fails the
 * task; and a conflict of a create shows that the document is there, which Java reports as an error.
 */
export function itemResult(item: unknown, operation: Operation): ItemResult {
  const { status, error } = actionOf(item)
  if ((error === undefined || error === null) && isWritten(status, operation)) return WRITTEN
  const described = serverError(error)
  const { types } = described
  const cause = temporaryCause(status, types)
  if (cause !== undefined) return { kind: 'again', cause, status, error: described }
  if (status === 401 || status === 403) return { kind: 'fatal', error: deniedError(status, described) }
  if (isRefusal(types)) return { kind: 'settled', outcome: refusal(status, described) }
  if (types.includes(CONFLICT)) return conflict(operation, status, described)
  return { kind: 'again', cause: 'error', status, error: described }
}

/** A document that is to be deleted may be missing. */
const isWritten = (status: number, { kind }: Operation): boolean =>
  (status >= 200 && status < 300) || (status === 404 && kind === 'delete')

/** Returns the outcome of an operation that the server does not accept. */
export function refusal(status: number, { type, reason }: ServerError): Outcome {
  return { kind: 'refused', status, type, reason }
}

/** Returns the error of an operation that failed too often. */
export function operationFailed({ target, id }: Operation, status: number, error: ServerError): ConnectError {
  const what = id === null ? 'a document' : `document ${id}`
  const message = `cannot write ${what} to ${target}: the server responded with ${status}, ${textOf(error)}`
  return new ConnectError('HR_CONNECT', message)
}

function conflict(operation: Operation, status: number, error: ServerError): ItemResult {
  if (operation.version !== null) {
    return { kind: 'settled', outcome: { kind: 'superseded', storedVersion: versionIn(error.reason) } }
  }
  if (operation.kind === 'create') {
    return { kind: 'settled', outcome: { kind: 'superseded', storedVersion: undefined } }
  }
  return { kind: 'again', cause: 'conflict', status, error }
}

function versionIn(reason: string): number | bigint | undefined {
  const digits = currentVersion.exec(reason)?.[1]
  if (digits === undefined) return undefined
  const version = Number(digits)
  return Number.isSafeInteger(version) ? version : BigInt(digits)
}

/** An item is an object with one property, which the kind of the operation names. */
function actionOf(item: unknown): { readonly status: number; readonly error: unknown } {
  const [action] = typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : []
  if (typeof action !== 'object' || action === null) return { status: 0, error: 'the response has no result' }
  const { status, error } = action as Readonly<Record<string, unknown>>
  return { status: typeof status === 'number' ? status : 0, error }
}
