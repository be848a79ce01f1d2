import type { ConnectError } from '../../../../api/index.ts'
import type { Entry, Settlement } from '../entry.ts'
import { isLimited, type RetryCause } from './causes.ts'
import { operationFailed, refusal, WRITTEN, type ItemResult } from './item-result.ts'
import { textOf } from './server-error.ts'

/** What has to be done about the operations of a request. */
export interface Divided {
  readonly settled: readonly Settlement[]
  /** Operations that have failed for now. */
  readonly again: Entry[]
  /**
   * Operations that were executed before one that precedes them on their document, and those that follow them. They are
   * sent again after `again`, in another request: otherwise the server could execute them before the others once more.
   */
  readonly followers: Entry[]
  readonly causes: ReadonlySet<RetryCause>
  /** Why the first operation of `again` has failed. */
  readonly reason: string
  /** The error that ends the writer. */
  readonly fatal: ConnectError | undefined
}

/** Divides the operations of a request by their results. `results` is null if all of them are written. */
export function divided(
  group: readonly Entry[],
  results: readonly ItemResult[] | null,
  maxRetries: number,
): Divided {
  const settled: Settlement[] = []
  const again: Entry[] = []
  const followers: Entry[] = []
  const causes = new Set<RetryCause>()
  const failed = new Set<string>()
  const followed = new Set<string>()
  let fatal: ConnectError | undefined
  let reason = ''
  for (const [index, entry] of group.entries()) {
    const result = limited(results?.[index] ?? WRITTEN, entry, maxRetries)
    if (result.kind === 'fatal') {
      fatal ??= result.error
      continue
    }
    const document = failed.size > 0 || result.kind === 'again' ? documentOf(entry) : undefined
    const isBehind = document !== undefined && failed.has(document)
    if (isBehind && (result.kind === 'settled' || followed.has(document))) {
      followers.push(entry)
      followed.add(document)
    } else if (result.kind === 'settled') {
      settled.push({ entry, outcome: result.outcome })
    } else {
      again.push(entry)
      if (document !== undefined) failed.add(document)
    }
    if (result.kind === 'settled') continue
    if (causes.size === 0) reason = `the server responded with ${result.status}, ${textOf(result.error)}`
    causes.add(result.cause)
  }
  return { settled, again, followers, causes, reason, fatal }
}

/** Returns the result, or what it becomes if the operation has failed too often. */
function limited(result: ItemResult, entry: Entry, maxRetries: number): ItemResult {
  if (result.kind !== 'again' || !isLimited(result.cause) || ++entry.failures <= maxRetries) return result
  const { cause, status, error } = result
  if (cause === 'conflict') return { kind: 'settled', outcome: refusal(status, error) }
  return { kind: 'fatal', error: operationFailed(entry.operation, status, error) }
}

/** Undefined if the server creates the id. */
const documentOf = ({ operation: { target, id } }: Entry): string | undefined =>
  id === null ? undefined : `${target}\0${id}`
