import type { TailRecord } from '../../topics/topic-tail.ts'

/** A change of a row. Versions of a key only grow, also after the row was deleted, so that each change is unique. */
export interface Change {
  readonly op: 'c' | 'u' | 'd'
  readonly version: number
}

/** The committed changes of each key, in order. */
export type History = ReadonlyMap<number, readonly Change[]>

interface Row {
  readonly id: number
  readonly version: number
}

/** An event as it was published. */
export interface ChangeEvent {
  readonly op: 'r' | 'c' | 'u' | 'd'
  readonly before: Row | null
  readonly after: Row | null
  readonly source: {
    readonly lsn: number
    readonly txId: number
    readonly snapshot: string
    /** The end of the last transaction before, and the LSN of the event. */
    readonly sequence: string
  }
}

/** How the changes of a table arrived. */
export interface Arrival {
  /** Changes that never arrived, and those that arrived before an earlier one. */
  readonly faults: readonly string[]
  /** Events of changes that an earlier event has shown already: the same event, or a row of a snapshot. */
  readonly repeated: number
  /** Events that are the same as an earlier one. */
  readonly duplicates: number
  readonly snapshotRows: number
  readonly events: number
}

const MAX_FAULTS = 10

/**
 * Compares a topic with what was committed. A key may begin with the row of a snapshot, and continue with the row of a
 * later snapshot. From then on no change may be missing, and a repetition must continue to the newest change.
 *
 * `beforeSnapshot` has the number of changes of each key that the last snapshot may have found. A row that was deleted
 * before it has no event, or those of an interrupted snapshot and of the stream, which begins with the first snapshot: they
 * may begin with any change, but not lack one after that.
 */
export function arrivalOf(
  records: readonly TailRecord[],
  history: History,
  beforeSnapshot: ReadonlyMap<number, number>,
): Arrival {
  const events = [...records.entries()].flatMap(([index, record]) => eventOf(record, records[index + 1]))
  const byKey = new Map<number, KeyedEvent[]>()
  for (const event of events) {
    const others = byKey.get(event.key)
    if (others === undefined) byKey.set(event.key, [event])
    else others.push(event)
  }
  const faults: string[] = []
  let repeated = 0
  for (const [key, expected] of history) {
    const arrived = byKey.get(key) ?? []
    const isGone = expected.at(-1)?.op === 'd' && expected.length <= (beforeSnapshot.get(key) ?? 0)
    if (isGone && arrived.length === 0) continue
    const walk = walkOf(expected, arrived, isGone)
    repeated += walk.repeated
    faults.push(...walk.faults.map((fault) => `key ${key}: ${fault}`))
  }
  for (const key of byKey.keys()) if (!history.has(key)) faults.push(`key ${key} was never written`)
  return {
    faults: faults.slice(0, MAX_FAULTS),
    repeated,
    duplicates: events.length - new Set(events.map(identityOf)).size,
    snapshotRows: events.filter(({ event }) => event.op === 'r').length,
    events: events.length,
  }
}

interface KeyedEvent {
  readonly key: number
  readonly event: ChangeEvent
  readonly hasTombstone: boolean
}

function eventOf(record: TailRecord, next: TailRecord | undefined): KeyedEvent[] {
  if (record.value === null) return []
  const { id } = JSON.parse(record.key ?? '{}') as { id: number }
  const event = JSON.parse(record.value) as ChangeEvent
  return [{ key: id, event, hasTombstone: next?.value === null && next.key === record.key }]
}

interface Walk {
  readonly faults: readonly string[]
  readonly repeated: number
}

/** `beginsAnywhere`: changes before the first event may be missing. */
function walkOf(expected: readonly Change[], arrived: readonly KeyedEvent[], beginsAnywhere: boolean): Walk {
  const faults: string[] = []
  let repeated = 0
  /** Number of expected changes that have arrived, and the place of the last event. */
  let known = arrived[0]?.event.op === 'r' ? -1 : 0
  if (beginsAnywhere) known = Math.max(known, expected.findIndex(isChangeOf(arrived[0])))
  let place = -1
  for (const [index, { event, hasTombstone }] of arrived.entries()) {
    const { op } = event
    const version = versionOf(event)
    const at = expected.findIndex(isChangeOf({ event }))
    if (at < 0) faults.push(`${op} of version ${version} was never written`)
    else if (op !== 'r' && at > known)
      faults.push(`${op} of version ${version} arrived, expected ${text(expected[known])}`)
    // a kill may separate the two; the delete is then repeated with its tombstone
    const isLast = !arrived.slice(index + 1).some((later) => at === expected.findIndex(isChangeOf(later)))
    if (op === 'd' && !hasTombstone && isLast)
      faults.push(`no tombstone after the delete of version ${version}`)
    if (at < known) repeated++
    known = Math.max(known, at + 1)
    place = at
  }
  if (known < expected.length) faults.push(`${text(expected[Math.max(0, known)])} did not arrive`)
  else if (place !== expected.length - 1)
    faults.push(`the last event is an older one: ${text(expected[place])}`)
  return { faults, repeated }
}

const identityOf = ({ key, event }: KeyedEvent): string => `${key} ${event.op} ${versionOf(event)}`

const versionOf = (event: ChangeEvent): number => (event.after ?? event.before)?.version ?? 0

/** Returns whether a change is that of an event. */
function isChangeOf(keyed: Pick<KeyedEvent, 'event'> | undefined): (change: Change) => boolean {
  if (keyed === undefined) return () => false
  const { op } = keyed.event
  const version = versionOf(keyed.event)
  return (change) => change.version === version && (change.op === op || (op === 'r' && change.op !== 'd'))
}

const text = (change: Change | undefined): string =>
  change === undefined ? 'nothing' : `${change.op} of version ${change.version}`
