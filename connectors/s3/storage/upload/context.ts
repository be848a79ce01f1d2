import type { Logger } from '../../../../api/index.ts'
import type { Limiter } from '../../limiter.ts'
import type { Requests } from '../client/requests.ts'
import { serverCodeOf, statusOf } from '../errors/failures.ts'
import type { StorageMetrics } from '../metrics.ts'
import type { StorageSettings } from '../settings.ts'

/** What the uploads of a writer share. */
export interface UploadContext {
  readonly settings: StorageSettings
  readonly requests: Requests
  readonly limiter: Limiter
  readonly conditions: Conditions
  readonly metrics: StorageMetrics
  readonly log: Logger
}

/** Completes "Cannot …" for an object. */
export function storing(settings: StorageSettings, key: string): string {
  return `store ${key} in bucket ${settings.bucket}`
}

/** The action that policies must allow for the requests that create objects. */
export function permissionToPut({ cannedAcl }: StorageSettings): string {
  return cannedAcl === null ? 's3:PutObject' : 's3:PutObject and s3:PutObjectAcl'
}

/** The condition of a request that creates an object. */
export type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string } | Record<string, never>

export const isConditional = (condition: Condition): boolean => Object.keys(condition).length > 0

/** Whether the server supports conditions for requests that create objects. */
export class Conditions {
  readonly #log: Logger
  #supported = true

  constructor(log: Logger) {
    this.#log = log
  }

  get supported(): boolean {
    return this.#supported
  }

  /** Called when the server has refused a condition. Objects are overwritten from now on, as Kafka Connect does. */
  refused(): void {
    if (!this.#supported) return
    this.#supported = false
    this.#log.warn(
      'The server does not support conditional writes (If-None-Match): existing objects are overwritten, so a task that ' +
        'wakes up late can replace an object by a shorter one',
    )
  }
}

const unsupportedCondition = /if-?(?:none-?)?match|condition/i

/** Whether the server does not know the condition of a request. */
export function refusesConditions(error: unknown): boolean {
  const code = serverCodeOf(error)
  if (code === undefined) return false
  if (code === 'NotImplemented' || statusOf(error) === 501) return true
  return statusOf(error) === 400 && error instanceof Error && unsupportedCondition.test(error.message)
}

/** Whether an object with the key exists that the condition excludes, or none that it requires. */
export function isConditionFailed(error: unknown): boolean {
  const code = serverCodeOf(error)
  return statusOf(error) === 412 || code === 'PreconditionFailed' || code === 'NoSuchKey'
}

/** Whether an upload no longer exists: it was completed or aborted. */
export function isUploadGone(error: unknown): boolean {
  const code = serverCodeOf(error)
  return code === 'NoSuchUpload' || code === 'InvalidPart'
}
