/*
 * How work is divided among tasks. A topic partition with all its objects belongs to one task, which keeps its order;
 * single objects are spread over slots. Positions are stored for series and slots, so that another number of tasks
 * continues where the last one stopped.
 */

/** Number of slots of single objects. Stored offsets depend on it. */
export const SLOTS = 64

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** A hash of 32 bits that never changes: FNV-1a of the UTF-16 code units, with a final mix. */
export function stableHash(text: string): number {
  let hash = FNV_OFFSET
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The part of the work that a task does. */
export interface Share {
  /** Number of the task, from 0. */
  readonly task: number
  readonly tasks: number
}

export const ownsTopicPartition = ({ task, tasks }: Share, topic: string, partition: number): boolean =>
  stableHash(`${topic}\n${partition}`) % tasks === task

export const slotOf = (spread: string): number => stableHash(spread) % SLOTS

export const ownsSlot = ({ task, tasks }: Share, slot: number): boolean => slot % tasks === task
