import { setTimeout as wait } from 'node:timers/promises'
import {
  messageOf,
  type Logger,
  type SourceOffset,
  type SourceRecord,
  type TaskKafka,
} from '../../../api/index.ts'
import type { Lsn, Row } from '../ports.ts'
import { blockingRequest } from './blocking.ts'
import { readSignalFile } from './channels/file.ts'
import { readSignalTopic } from './channels/kafka.ts'
import { IncrementalSnapshot } from './incremental/incremental.ts'
import { positionWatermarks, signalTableWatermarks } from './incremental/watermarks.ts'
import { incrementalNotifications } from './notifications.ts'
import type { SignalOffsetKeys, SignalRow, SignalServices, StreamPosition, StreamSignals } from './ports.ts'
import type { SignalSettings } from './settings.ts'
import { parseSignal, type ExecuteSnapshot, type Signal } from './signal.ts'
import { conditionOf, expandTables } from './table-names.ts'

/** Offset of the last record of the signal topic that was processed. */
const KAFKA_OFFSET = 'incremental_snapshot_signal_offset'

/**
 * The signals of a task: reads the channels, acts on the signals, and runs incremental snapshots. Live from `start` to
 * `close`. A signal that is invalid or fails is logged with its id, and never fails the task.
 *
 * Source: SignalProcessor.
 */
export class Signals implements StreamSignals {
  readonly #settings: SignalSettings
  readonly #services: SignalServices
  readonly #kafka: Pick<TaskKafka, 'readTopic'>
  readonly #log: Logger
  readonly #incremental: IncrementalSnapshot | undefined
  readonly #abort = new AbortController()
  readonly #channels: Promise<void>[] = []
  #started = false
  #kafkaOffset: number | undefined
  #snapshotKeys: SignalOffsetKeys = {}
  #keys: SignalOffsetKeys = {}
  #keysKafkaOffset: number | undefined

  constructor(
    settings: SignalSettings,
    services: SignalServices,
    kafka: Pick<TaskKafka, 'readTopic'>,
    log: Logger,
  ) {
    this.#settings = settings
    this.#services = services
    this.#kafka = kafka
    this.#log = log
    this.#incremental = openIncremental(settings, services, log)
  }

  /**
   * Continues where an offset was stored; undefined if there is none. To be called before each stream of the task, with the
   * offset of the last record that was passed on. The channels are opened by the first call.
   */
  async start(offset: SourceOffset | undefined): Promise<void> {
    const { channels } = this.#settings
    await this.#incremental?.start(offset ?? {})
    if (this.#started) return
    this.#started = true
    if (channels.includes('file')) this.#channels.push(this.#pollFile())
    if (channels.includes('kafka')) this.#channels.push(this.#readKafka(offset))
  }

  /** Ends the channels and connections. Never rejects. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.all([...this.#channels, this.#incremental?.close()])
  }

  get watchedOid(): number {
    return this.#incremental?.watchedOid ?? 0
  }

  began(txId: number): void {
    this.#incremental?.began(txId)
  }

  changed(txId: number, columns: readonly string[], oldRow: Row | null, newRow: Row | null): void {
    this.#incremental?.changed(txId, columns, oldRow, newRow)
  }

  truncated(): void {
    this.#incremental?.truncated()
  }

  relationChanged(oid: number): void {
    this.#incremental?.relationChanged(oid)
  }

  /** The rows that open and close windows count even if the channel `source` is not enabled. */
  signalInserted(row: SignalRow, at: StreamPosition): readonly SourceRecord[] {
    if (row.type === 'snapshot-window-open') this.#incremental?.windowOpened(row.id)
    else if (row.type === 'snapshot-window-close') return this.#incremental?.windowClosed(row.id, at) ?? []
    else if (this.#settings.channels.includes('source')) this.received(row)
    return []
  }

  signalDeleted(id: string, at: StreamPosition): readonly SourceRecord[] {
    const closes = this.#settings.watermarking === 'insert_delete' && id.endsWith('-open')
    return closes ? (this.#incremental?.windowClosed(id, at) ?? []) : []
  }

  passed(lsn: Lsn, at: StreamPosition): readonly SourceRecord[] {
    return this.#incremental?.streamPassed(lsn, at) ?? []
  }

  offsetKeys(): SignalOffsetKeys {
    const snapshotKeys = this.#incremental?.offsetKeys() ?? this.#snapshotKeys
    if (this.#kafkaOffset === undefined) return snapshotKeys
    if (snapshotKeys !== this.#snapshotKeys || this.#kafkaOffset !== this.#keysKafkaOffset) {
      this.#snapshotKeys = snapshotKeys
      this.#keysKafkaOffset = this.#kafkaOffset
      this.#keys = { ...snapshotKeys, [KAFKA_OFFSET]: this.#kafkaOffset }
    }
    return this.#keys
  }

  /** Acts on a signal of any channel. Never throws. */
  received(row: SignalRow): void {
    const parsed = parseSignal(row)
    if ('reason' in parsed) {
      this.#log.warn(parsed.reason)
      return
    }
    try {
      this.#act(parsed.signal)
    } catch (error) {
      this.#log.warn(`Signal ${JSON.stringify(row.id)} of type ${row.type} has failed: ${messageOf(error)}`)
    }
  }

  #act(signal: Signal): void {
    switch (signal.action) {
      case 'log':
        this.#log.info(withOffset(signal.message, this.#services.currentOffset()))
        break
      case 'execute-snapshot':
        this.#execute(signal)
        break
      case 'stop-snapshot':
        this.#incremental?.stop(signal.dataCollections)
        break
      case 'pause-snapshot':
        this.#incremental?.pause()
        break
      case 'resume-snapshot':
        this.#incremental?.resume()
        break
      case 'snapshot-window-open':
      case 'snapshot-window-close':
        // Only rows of the signal table are windows.
        break
    }
  }

  #execute(signal: ExecuteSnapshot): void {
    const { id, dataCollections, conditions, surrogateKey } = signal
    this.#log.info(`Signal ${JSON.stringify(id)} requests a snapshot`, {
      kind: signal.snapshot,
      dataCollections,
    })
    const captured = this.#services.capturedTables()
    if (signal.snapshot === 'BLOCKING') {
      const request = blockingRequest(signal, captured)
      if (request.tables.length > 0) this.#services.blockingSnapshot(request)
      else
        this.#log.warn(`Signal ${JSON.stringify(id)} is ignored: no captured table matches`, {
          dataCollections,
        })
      return
    }
    if (this.#incremental === undefined) {
      const remedy = 'set signal.data.collection to a table for signals, or read.only to true'
      this.#log.warn(
        `Signal ${JSON.stringify(id)} is ignored: incremental snapshots are not possible; ${remedy}`,
      )
      return
    }
    const tables = expandTables(dataCollections, captured).map((name) => ({
      name,
      condition: conditionOf(name, conditions),
      surrogateKey,
      correlationId: id,
    }))
    this.#incremental.add(tables, id)
  }

  async #pollFile(): Promise<void> {
    const { signal } = this.#abort
    while (!signal.aborted) {
      for (const row of await readSignalFile(this.#settings.file, this.#log)) this.received(row)
      await this.#pollInterval()
    }
  }

  #readKafka(offset: SourceOffset | undefined): Promise<void> {
    const stored = offset?.[KAFKA_OFFSET]
    const after = typeof stored === 'number' || typeof stored === 'bigint' ? Number(stored) : undefined
    this.#kafkaOffset = after
    const options = {
      kafka: this.#kafka,
      topic: this.#settings.kafkaTopic,
      connectorName: this.#settings.connectorName,
      log: this.#log,
      signal: (row: SignalRow, at: number) => {
        this.#kafkaOffset = at
        this.received(row)
      },
      passed: (at: number) => {
        this.#kafkaOffset = at
      },
      wait: () => this.#pollInterval(),
    }
    const start = after === undefined ? { isNew: offset === undefined } : { after }
    return readSignalTopic(options, start, this.#abort.signal)
  }

  /** Resolves early when the task is closed. */
  async #pollInterval(): Promise<void> {
    const { signal } = this.#abort
    await wait(this.#settings.pollIntervalMs, undefined, { signal }).catch(() => undefined)
  }
}

function openIncremental(
  settings: SignalSettings,
  services: SignalServices,
  log: Logger,
): IncrementalSnapshot | undefined {
  const { signalTable, readOnly, chunkSize, connectorName, watermarking } = settings
  if (signalTable === undefined && !readOnly) return undefined
  const context = {
    connectorName,
    notify: (notification: Parameters<typeof services.notify>[0]) => services.notify(notification),
  }
  return new IncrementalSnapshot({
    services,
    notifications: incrementalNotifications(context),
    watermarks:
      readOnly || signalTable === undefined
        ? positionWatermarks
        : signalTableWatermarks(signalTable, watermarking),
    chunkSize,
    log,
  })
}

/** The first `{}` in a message stands for the offset. Source: Log. */
function withOffset(message: string, offset: SourceOffset | undefined): string {
  const text = offset === undefined ? '<none>' : JSON.stringify(offset, plainNumber)
  return message.replace('{}', () => text)
}

const plainNumber = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? Number(value) : value
