import { ConnectError } from '../../../../api/index.ts'
import type { ObjectExtent, WhenExists } from '../../ports.ts'
import {
  isConditional,
  isConditionFailed,
  isUploadGone,
  refusesConditions,
  storing,
  type Condition,
  type UploadContext,
} from './context.ts'
import { extentIn, judge } from './extent.ts'
import { headObject, type FoundObject } from './head.ts'

/** How often an object may be replaced by others between the look at it and the attempt to replace it. */
const MAX_ROUNDS = 10

/** An object that is to be stored if no object speaks against it. */
export interface ConditionalWrite {
  readonly key: string
  readonly extent: ObjectExtent
  readonly whenExists: WhenExists
  /** Sends the request with the condition. Resolves to the ETag. */
  write(condition: Condition, signal: AbortSignal): Promise<string>
  /** Whether the object that exists is the one of an earlier attempt, whose answer was lost. */
  isOurs?(found: FoundObject): boolean
}

/** The result: `written` if the object is the one of this writer, as far as it is known. */
export type Written =
  | { readonly kind: 'written'; readonly etag: string }
  | { readonly kind: 'stored' }
  | { readonly kind: 'exists'; readonly endOffset: number }

/**
 * Stores an object only if none with its key exists, and otherwise decides by the extent of the one that exists. An answer
 * that was lost is handled the same way: the next attempt finds the object.
 *
 * Rejects like `Requests.run`; with the error of the server if the upload is gone (see `isUploadGone`).
 */
export async function writeConditionally(
  context: UploadContext,
  attempt: ConditionalWrite,
  signal: AbortSignal,
): Promise<Written> {
  let condition = firstCondition(context, attempt)
  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      return { kind: 'written', etag: await attempt.write(condition, signal) }
    } catch (error) {
      if (isConditional(condition) && refusesConditions(error)) {
        context.conditions.refused()
        condition = {}
        continue
      }
      if (!isConditionFailed(error) && !isUploadGone(error)) throw error
      const decided = await decide(context, attempt, signal)
      if (decided.kind !== 'again') return decided
      if (isUploadGone(error)) throw error
      condition = context.conditions.supported ? decided.condition : {}
    }
  }
  const why = 'other programs replace the object again and again'
  throw new ConnectError('HR_RETRIABLE', `Cannot ${storing(context.settings, attempt.key)}: ${why}.`)
}

function firstCondition({ conditions }: UploadContext, { whenExists }: ConditionalWrite): Condition {
  return conditions.supported && whenExists !== 'replace' ? { IfNoneMatch: '*' } : {}
}

/** Resolves to the result, or to the condition of the next attempt. */
async function decide(
  context: UploadContext,
  { key, extent, whenExists, isOurs }: ConditionalWrite,
  signal: AbortSignal,
): Promise<Written | { readonly kind: 'again'; readonly condition: Condition }> {
  const found = await headObject(context, key, signal)
  if (found === undefined) {
    return { kind: 'again', condition: whenExists === 'replace' ? {} : { IfNoneMatch: '*' } }
  }
  if (isOurs?.(found) === true) return { kind: 'written', etag: found.etag }
  const verdict = judge(extentIn(found.metadata), extent, whenExists)
  return verdict.kind === 'replace' ? { kind: 'again', condition: { IfMatch: found.etag } } : verdict
}
