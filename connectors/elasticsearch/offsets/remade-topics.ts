import { reasonOf, type Counter, type SinkTaskContext } from '../../../api/index.ts'
import type { Operation } from '../ports.ts'
import type { Wording } from '../wording.ts'

/** At most one check of a partition in this time. */
const CHECK_EVERY_MS = 10_000
const CHECK_TIMEOUT_MS = 30_000

interface Suspect {
  readonly topic: string
  readonly partition: number
  readonly target: string
  readonly version: number
  readonly lastOffset: number
}

/** What is known of a partition. */
interface Known {
  /** Records with offsets up to this one exist or existed in the topic as it is now. */
  below: number
  /** A stored version that no record of the topic as it is now can have; infinite if there is none. */
  above: number
  checkedAt: number
}

export interface RemadeTopicsParts {
  readonly context: Pick<SinkTaskContext, 'kafka' | 'log' | 'signal'>
  /** Counts operations that were refused because of a version that is not from the topic. */
  readonly conflicts: Counter
  readonly wording: Wording
  readonly now: () => number
}

/**
 * Recognizes stored versions that are higher than any offset of the topic: the topic was deleted and created again, or
 * its documents have the same ids as those of another partition. The documents keep their old state, which nothing else
 * would show. Logs one WARN for each index.
 *
 * After a restart, records are read again whose documents have higher versions, so a version above the offsets read so far
 * proves nothing. Therefore Kafka is asked whether the partition has a record there or after it.
 */
export class RemadeTopics {
  readonly #parts: RemadeTopicsParts
  readonly #known = new Map<string, Known>()
  readonly #warned = new Set<string>()
  #checking = false

  constructor(parts: RemadeTopicsParts) {
    this.#parts = parts
  }

  /** Called for a conflict with a stored version. `lastOffset` is that of the last record read from the partition. */
  conflict({ record, target }: Operation, storedVersion: number | bigint, lastOffset: number): void {
    const version = Number(storedVersion)
    if (version <= lastOffset) return
    const { originalTopic: topic, originalPartition: partition } = record
    const known = this.#knownOf(topic, partition)
    if (version <= known.below) return
    if (version >= known.above) this.#found({ topic, partition, target, version, lastOffset })
    else void this.#check({ topic, partition, target, version, lastOffset }, known)
  }

  /** Never rejects. */
  async #check(suspect: Suspect, known: Known): Promise<void> {
    const { context, now } = this.#parts
    if (this.#checking || now() < known.checkedAt + CHECK_EVERY_MS) return
    this.#checking = true
    known.checkedAt = now()
    try {
      if (await this.#exists(suspect)) {
        known.below = Math.max(known.below, suspect.version)
      } else {
        known.above = Math.min(known.above, suspect.version)
        this.#found(suspect)
      }
    } catch (error) {
      if (!context.signal.aborted) {
        context.log.debug('cannot compare versions with the end of a partition', { reason: reasonOf(error) })
      }
    } finally {
      this.#checking = false
    }
  }

  /** Whether the partition has a record whose offset is the version, or a later one. */
  async #exists({ topic, partition, version }: Suspect): Promise<boolean> {
    const { context } = this.#parts
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(CHECK_TIMEOUT_MS)])
    const from = new Map([[partition, version]])
    for await (const records of context.kafka.readTopic(topic, { from, untilEnd: true, signal })) {
      if (records.some(({ offset }) => offset >= version)) return true
    }
    signal.throwIfAborted()
    return false
  }

  #found({ topic, partition, target, version, lastOffset }: Suspect): void {
    this.#parts.conflicts.add()
    if (this.#warned.has(target)) return
    this.#warned.add(target)
    this.#parts.context.log.warn(
      `documents have versions above the end of the topic, so older records keep them from being written: the topic was probably created again; delete the index, or ${this.#parts.wording.ignoreVersions}`,
      { index: target, topic, partition, storedVersion: version, offset: lastOffset },
    )
  }

  #knownOf(topic: string, partition: number): Known {
    const key = `${topic}\0${partition}`
    let known = this.#known.get(key)
    if (known === undefined)
      this.#known.set(key, (known = { below: -1, above: Infinity, checkedAt: -Infinity }))
    return known
  }
}
