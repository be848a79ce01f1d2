import { ConnectError } from '../../../api/index.ts'
import { explainRefusal } from '../mappings/index.ts'
import type { ServerResponse } from '../ports.ts'
import type { Wording } from '../wording.ts'
import { at, textAt } from '../server/body.ts'

/** The error in a response of the server. */
export interface ServerFailure {
  readonly type: string
  readonly reason: string
}

/** Reads the error of a response, which can also come from a proxy. The reason is empty if there is none. */
export function failureOf({ status, body }: ServerResponse): ServerFailure {
  const error = at(body, 'error')
  return {
    type: textAt(error, 'type') ?? `HTTP ${status}`,
    reason: textAt(error, 'reason') ?? textOf(error ?? body),
  }
}

/**
 * Returns the error for a request that did not succeed: `HR_RETRIABLE` if it may later, because the server is overloaded or
 * a block may be lifted, and otherwise `HR_CONNECT`. `what` completes the sentence "Cannot …".
 */
export function requestError(what: string, response: ServerResponse, wording: Wording): ConnectError {
  const { type, reason } = failureOf(response)
  const code = isTemporary(response.status, type) ? 'HR_RETRIABLE' : 'HR_CONNECT'
  return new ConnectError(code, `Cannot ${what}: ${explanation(response.status, { type, reason }, wording)}`)
}

function isTemporary(status: number, type: string): boolean {
  return status === 408 || status === 429 || status >= 500 || type === 'cluster_block_exception'
}

function explanation(status: number, { type, reason }: ServerFailure, wording: Wording): string {
  if (status === 401) return 'the server does not accept the credentials (HTTP 401)'
  if (status === 403 && type !== 'cluster_block_exception') {
    return reason === ''
      ? 'the user lacks a permission (HTTP 403)'
      : `the user lacks a permission: ${explainRefusal(type, reason, wording)}`
  }
  if (reason === '') return `the server answers with HTTP ${status}`
  return explainRefusal(type, reason, wording)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
