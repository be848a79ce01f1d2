import type { Logger, OffsetValue, SourceOffset } from '../../../api/index.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { formatLsn } from '../connection/lsn.ts'
import { quoteIdentifier } from '../connection/quoting.ts'
import type { EventContext } from '../events/context.ts'
import { heartbeatRecord } from '../events/heartbeats.ts'
import { readProcessingTime } from '../events/processing-time.ts'
import { TransactionMetadata } from '../events/transaction-metadata.ts'
import type { Lsn, ReplicationConnection, ReplicationStream } from '../ports.ts'
import type { StreamSignals } from '../signals/ports.ts'
import { ChangeStream } from '../streaming/change-stream.ts'
import { newChange, type Emit, type StreamCounts, type StreamWriter } from '../streaming/ports.ts'
import type { Position } from '../streaming/position.ts'
import type { Complete } from '../streaming/record-gate.ts'
import { ResumePoint } from '../streaming/resume.ts'
import { StreamOutput } from '../streaming/stream-output.ts'

export interface StreamPhaseParts {
  readonly config: PostgresConfig
  readonly context: EventContext
  readonly writer: StreamWriter
  readonly signals: StreamSignals | undefined
  readonly replication: ReplicationConnection
  /** Version of the server, such as 150018. */
  readonly serverVersion: number
  /** Offset of the last record that was passed on, and the position after it. */
  readonly offset: SourceOffset | undefined
  readonly position: Position
  readonly emit: Emit
  /** Completes records before they are passed on. */
  readonly complete: Complete | undefined
  readonly counts: StreamCounts
  /** Called when a heartbeat is passed on. */
  heartbeat(): void
  readonly log: Logger
}

/** A stream that runs. */
export interface StreamPhase {
  readonly changes: ChangeStream
  readonly output: StreamOutput
  readonly stream: ReplicationStream
  /** Confirms a stored position to the slot, unless `lsn.flush.mode` is manual. */
  confirm(lsn: Lsn): void
}

/** Starts to stream changes into the queue. */
export async function startStreamPhase(parts: StreamPhaseParts): Promise<StreamPhase> {
  const { config, context, counts, signals, log } = parts
  const change = newChange()
  const resume = new ResumePoint(parts.position)
  const transactions = config['provide.transaction.metadata']
    ? new TransactionMetadata(context, parts.offset)
    : undefined
  const output = new StreamOutput(
    {
      emit: parts.emit,
      complete: parts.complete,
      offsetKeys: offsetKeys(transactions, signals),
      onFailure: failureMode(config['event.processing.failure.handling.mode']),
      heartbeat: (offset) => {
        parts.heartbeat()
        return heartbeatRecord(context, offset, readProcessingTime())
      },
      heartbeatMs: config['heartbeat.interval.ms'],
      counts,
      log,
    },
    change,
    parts.offset,
    parts.position,
  )
  const changes = new ChangeStream({
    resume,
    output,
    change,
    writer: parts.writer,
    transactions,
    signals,
    counts,
  })
  const stream = await parts.replication.start(
    {
      slot: config['slot.name'],
      lsn: resume.startLsn,
      parameters: streamParameters(config, parts.serverVersion),
    },
    changes,
  )
  log.info('streaming changes', {
    slot: config['slot.name'],
    from: resume.startLsn === 0 ? 'the confirmed position of the slot' : formatLsn(resume.startLsn),
  })
  const confirms = config['lsn.flush.mode'] !== 'manual'
  return { changes, output, stream, confirm: (lsn) => (confirms ? stream.confirm(lsn) : undefined) }
}

function offsetKeys(
  transactions: TransactionMetadata | undefined,
  signals: StreamSignals | undefined,
): (() => Readonly<Record<string, OffsetValue>>) | undefined {
  if (transactions === undefined) return signals === undefined ? undefined : () => signals.offsetKeys()
  return () => ({ ...transactions.offsetKeys(), ...signals?.offsetKeys() })
}

function failureMode(mode: string): 'fail' | 'warn' | 'skip' {
  return mode === 'fail' || mode === 'warn' ? mode : 'skip'
}

/** Logical messages exist since PostgreSQL 14. */
const MESSAGES_SINCE = 140_000

/** Returns the options of START_REPLICATION: those of Debezium, and `slot.stream.params`. */
export function streamParameters(
  config: Pick<PostgresConfig, 'publication.name' | 'slot.stream.params'>,
  serverVersion: number,
): Readonly<Record<string, string>> {
  const own = new Map([
    ['proto_version', '1'],
    ['publication_names', quoteIdentifier(config['publication.name'])],
  ])
  if (serverVersion >= MESSAGES_SINCE) own.set('messages', 'true')
  for (const text of (config['slot.stream.params'] ?? '').split(';')) {
    if (text.trim() === '') continue
    const [name = '', value = ''] = text.split('=', 2)
    own.set(name.trim(), value.trim())
  }
  return Object.fromEntries(own)
}
