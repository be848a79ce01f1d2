import type { SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import { confirmableLsn, positionOf, type Position } from '../streaming/position.ts'
import type { StreamPhase } from './stream-phase.ts'

/**
 * What was passed on so far, over all sessions of a task, and how much of it is stored. A session continues after what was
 * passed on; the slot is confirmed up to what is stored.
 */
export class Passed {
  /** Offset of the last record; the stored one before the first. */
  #offset: SourceOffset | undefined
  #position: Position
  /** An offset that no record carries. */
  #withoutRecord: SourceOffset | undefined
  #stored: Lsn | null
  #phase: StreamPhase | undefined
  /** Whether a session has got past the snapshot. */
  started = false

  constructor(stored: SourceOffset | undefined) {
    this.#offset = stored
    this.#position = positionOf(stored)
    this.#stored = stored === undefined ? null : confirmableLsn(stored)
  }

  get offset(): SourceOffset | undefined {
    return this.#phase?.output.offset ?? this.#offset
  }

  get position(): Position {
    return this.#phase?.output.position ?? this.#position
  }

  set position(position: Position) {
    this.#position = position
  }

  /** The LSN up to which the slot may be confirmed; null if nothing is stored. */
  get storedLsn(): Lsn | null {
    return this.#stored
  }

  /** The stream that runs; undefined if none does. */
  get phase(): StreamPhase | undefined {
    return this.#phase
  }

  /** The changes after the offset are not available any more. */
  forget(): void {
    this.#offset = undefined
    this.#position = positionOf(undefined)
    this.#stored = null
  }

  /** There is nothing before the beginning of a new slot. */
  startAt(lsn: Lsn): void {
    this.#position = { lsnCommit: null, last: undefined, snapshotLsn: lsn }
  }

  /** From now on, an interruption makes the snapshot start over. */
  snapshotBegins(): void {
    this.forget()
    this.#offset = { snapshot: 'INITIAL', snapshot_completed: false }
  }

  snapshotEnded(offset: SourceOffset, hasRecords: boolean): void {
    this.#offset = offset
    this.#position = positionOf(offset)
    if (!hasRecords) this.#withoutRecord = offset
  }

  streams(phase: StreamPhase): void {
    this.#phase = phase
    if (this.#stored !== null) phase.confirm(this.#stored)
  }

  streamEnded(): void {
    if (this.#phase === undefined) return
    const { output } = this.#phase
    this.#offset = output.offset
    this.#position = output.position
    this.#phase = undefined
  }

  /** Kafka has stored an offset: the server may delete the WAL before it. */
  stored(offset: SourceOffset): void {
    const lsn = confirmableLsn(offset)
    if (lsn === null || (this.#stored !== null && lsn <= this.#stored)) return
    this.#stored = lsn
    this.#phase?.confirm(lsn)
  }

  /** Returns an offset to store without a record; undefined if there is none. */
  takeOffsetWithoutRecord(): SourceOffset | undefined {
    const offset = this.#withoutRecord
    this.#withoutRecord = undefined
    const idle = this.#phase?.changes.takeIdleOffset()
    if (idle !== undefined) return idle
    // records of the stream have newer offsets
    return offset === this.offset ? offset : undefined
  }
}
