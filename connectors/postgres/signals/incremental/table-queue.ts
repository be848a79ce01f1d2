import { isPlainObject, type Logger, type SourceOffset } from '../../../../api/index.ts'
import type { TableName } from '../../ports.ts'
import { parseTableName, tableText } from '../../config/table-name.ts'
import { quotedIdentifier } from '../table-names.ts'
import type { SignalOffsetKeys } from '../ports.ts'
import type { ChunkKey } from './chunk-query.ts'

/** A table that waits for its incremental snapshot. */
export interface QueuedTable {
  readonly name: TableName
  readonly condition: string | undefined
  readonly surrogateKey: string | undefined
  readonly correlationId: string | null
}

const PRIMARY_KEY = 'incremental_snapshot_primary_key'
const MAXIMUM_KEY = 'incremental_snapshot_maximum_key'
const COLLECTIONS = 'incremental_snapshot_collections'
const CORRELATION_ID = 'incremental_snapshot_correlation_id'

/**
 * The tables of an incremental snapshot, and how far the first one was sent: what offsets keep. Tables are stored as by
 * Debezium.
 *
 * Source: AbstractIncrementalSnapshotContext. Differs: keys are JSON lists of PostgreSQL's texts, while Debezium stores serialized
 * Java objects. After a change from one to the other, the current table starts again.
 */
export class TableQueue {
  #tables: QueuedTable[] = []
  #sentKey: ChunkKey | null = null
  #maximumKey: ChunkKey | null = null
  /** id of the signal that has last added tables. */
  #correlationId: string | null = null
  #keys: SignalOffsetKeys | undefined

  /**
   * Continues where an offset was stored: that of the last record that was passed on. Tables that were added since then
   * follow. If the offset knows none, the current table starts again.
   */
  restore(offset: SourceOffset, log: Logger): void {
    const stored = parseTables(offset[COLLECTIONS], log)
    const names = new Set(stored.map(({ name }) => tableText(name)))
    this.#tables = [...stored, ...this.#tables.filter(({ name }) => !names.has(tableText(name)))]
    this.restart()
    const [current] = stored
    if (current === undefined) return
    const correlationId = offset[CORRELATION_ID]
    this.#correlationId ??= typeof correlationId === 'string' ? correlationId : null
    const sent = parseKey(offset[PRIMARY_KEY])
    const maximum = parseKey(offset[MAXIMUM_KEY])
    if (sent === undefined || maximum === undefined) {
      const table = tableText(current.name)
      log.info(`The incremental snapshot of ${table} starts again: another connector has stored its progress`)
      return
    }
    // Both or none: rows after the maximum are not part of the snapshot.
    this.#sentKey = sent
    this.#maximumKey = maximum
  }

  get current(): QueuedTable | undefined {
    return this.#tables[0]
  }

  get tables(): readonly QueuedTable[] {
    return this.#tables
  }

  get sentKey(): ChunkKey | null {
    return this.#sentKey
  }

  get maximumKey(): ChunkKey | null {
    return this.#maximumKey
  }

  get correlationId(): string | null {
    return this.#correlationId
  }

  add(tables: readonly QueuedTable[], correlationId: string): void {
    this.#tables.push(...tables)
    this.#correlationId = correlationId
    this.#keys = undefined
  }

  /** Removes a table, except for the current one. Returns whether it was there. */
  remove(name: TableName): boolean {
    const identifier = tableText(name)
    const kept = this.#tables.filter((table, index) => index === 0 || tableText(table.name) !== identifier)
    const removed = kept.length < this.#tables.length
    this.#tables = kept
    this.#keys = undefined
    return removed
  }

  /** Ends the current table. */
  next(): void {
    this.#tables.shift()
    this.restart()
  }

  /** Starts the current table again: its key has changed. */
  restart(): void {
    this.#sentKey = null
    this.#maximumKey = null
    this.#keys = undefined
  }

  /** Starts the current table again unless its stored keys have this number of columns. */
  expectKey(columns: number): void {
    const wrong = (key: ChunkKey | null): boolean => key !== null && key.length !== columns
    if (wrong(this.#sentKey) || wrong(this.#maximumKey)) this.restart()
  }

  setMaximum(key: ChunkKey): void {
    this.#maximumKey = key
    this.#keys = undefined
  }

  /** All rows up to a key were sent. */
  sent(key: ChunkKey): void {
    this.#sentKey = key
    this.#keys = undefined
  }

  forgetCorrelation(): void {
    this.#correlationId = null
    this.#keys = undefined
  }

  /** Keys for offsets; the same object until something changes. */
  offsetKeys(): SignalOffsetKeys {
    this.#keys ??= this.#tables.length === 0 ? NO_KEYS : this.#makeKeys()
    return this.#keys
  }

  #makeKeys(): SignalOffsetKeys {
    return {
      [PRIMARY_KEY]: JSON.stringify(this.#sentKey),
      [MAXIMUM_KEY]: JSON.stringify(this.#maximumKey),
      [COLLECTIONS]: JSON.stringify(this.#tables.map(storedTable)),
      [CORRELATION_ID]: this.#correlationId,
    }
  }
}

const NO_KEYS: SignalOffsetKeys = {}

const storedTable = ({ name, condition, surrogateKey, correlationId }: QueuedTable): unknown => ({
  [`${COLLECTIONS}_id`]: quotedIdentifier(name),
  [`${COLLECTIONS}_additional_condition`]: condition ?? null,
  [`${COLLECTIONS}_surrogate_key`]: surrogateKey ?? null,
  [`${COLLECTIONS}_correlation_id`]: correlationId,
})

function parseTables(text: unknown, log: Logger): QueuedTable[] {
  if (typeof text !== 'string') return []
  const value = parseJson(text)
  if (!Array.isArray(value)) {
    log.warn('An incremental snapshot is not continued: the tables in the stored offset cannot be read', {
      [COLLECTIONS]: text,
    })
    return []
  }
  const tables: QueuedTable[] = []
  for (const entry of value as unknown[]) {
    if (!isPlainObject(entry)) continue
    const textOf = (key: string): string | undefined => {
      const part = entry[`${COLLECTIONS}_${key}`]
      return typeof part === 'string' && part !== '' ? part : undefined
    }
    const id = textOf('id')
    const name = id === undefined ? undefined : parseTableName(id)
    if (name === undefined) continue
    tables.push({
      name,
      condition: textOf('additional_condition'),
      surrogateKey: textOf('surrogate_key'),
      correlationId: textOf('correlation_id') ?? null,
    })
  }
  return tables
}

/** A serialized null of Java, in hexadecimal. */
const JAVA_NULL = /^aced000570$/i

/** Returns the key; undefined if it is not one of this connector. */
function parseKey(value: unknown): ChunkKey | null | undefined {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') return undefined
  if (JAVA_NULL.test(value)) return null
  const key = parseJson(value)
  if (key === null) return null
  if (!Array.isArray(key)) return undefined
  const parts: (string | null)[] = []
  for (const part of key as unknown[]) {
    if (part !== null && typeof part !== 'string') return undefined
    parts.push(part)
  }
  return parts
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
