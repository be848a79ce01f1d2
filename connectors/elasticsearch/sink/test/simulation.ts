import { setImmediate as turn } from 'node:timers/promises'
import {
  ConnectError,
  type ErrantRecordReporter,
  type LogFields,
  type PartitionOffset,
  type SinkRecord,
} from '../../../../api/index.ts'
import { sinkRecord, sinkTaskContext } from '../../../../testing/index.ts'
import { FakeServer } from '../../bulk/test/fake-server.ts'
import { bulkSettings, operation } from '../../bulk/test/operations.ts'
import type { OperationBuilder, Target, Targets } from '../../ports.ts'
import { wordings } from '../../wording.ts'
import type { SinkTaskSettings } from '../settings.ts'
import { openSinkTask } from '../task.ts'

export const TOPIC = 'orders'

export interface SimulationInit {
  readonly settings?: Partial<SinkTaskSettings>
  readonly partitions?: number
  readonly errantRecords?: ErrantRecordReporter | null
  readonly targets?: Partial<Targets>
}

/** Returns a record whose value becomes the document, and whose key its id. */
export function recordAt(offset: number, init: Partial<SinkRecord> = {}): SinkRecord {
  return sinkRecord({ topic: TOPIC, partition: 0, offset, key: `id-${offset}`, value: offset, ...init })
}

/** A value that cannot be converted. */
export const INVALID = Symbol('invalid')

const operations: OperationBuilder = {
  build: (record, { name }) => {
    if (record.value === INVALID) throw new ConnectError('HR_DATA_INVALID', 'not convertible')
    if (record.value === null) return record.key === null ? null : built(record, name, 'delete')
    return built(record, name, 'index')
  },
}

const built = (record: SinkRecord, target: string, kind: 'index' | 'delete') =>
  operation(String(record.key), record.value as number, { kind, target, version: record.offset, record })

const targetOf = ({ topic }: SinkRecord): Target => ({ name: topic, kind: 'index', create: true })

/** Opens a task with a fake server, and does what a worker does. */
export function openedTask({ settings, partitions = 1, errantRecords = null, targets }: SimulationInit = {}) {
  const server = new FakeServer()
  const lines: { readonly level: string; readonly message: string; readonly fields: LogFields }[] = []
  const log =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields })
  const assignment = Array.from({ length: partitions }, (_, partition) => ({ topic: TOPIC, partition }))
  const { context, worker, requests } = sinkTaskContext({
    assignment,
    errantRecords,
    log: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug'), trace: () => {} },
  })
  const task = openSinkTask({
    wording: wordings.elasticsearch,
    context,
    server,
    settings: {
      bulk: bulkSettings({ lingerMs: 0, retryBackoffMs: 0, maxRetries: 1 }),
      flushSynchronously: false,
      flushTimeoutMs: 60_000,
      ignoreNullValues: false,
      malformedDocuments: 'fail',
      dropInvalidMessages: false,
      versionsAreOffsets: true,
      ...settings,
    },
    targetOf,
    targets: { isReady: () => true, prepare: async () => {}, ...targets },
    operations,
  })
  const put = async (records: readonly SinkRecord[]) => {
    requests.putWithinMs = undefined
    await task.put(records, context.signal)
    await turn()
  }
  /** Returns what the task declares safe of a partition whose records before `offset` were put. */
  const commit = async (offset: number, partition = 0): Promise<number | undefined> => {
    const position: PartitionOffset = { topic: TOPIC, partition, offset }
    return (await task.preCommit?.([position]))?.[0]?.offset
  }
  return { task, put, commit, server, worker, requests, lines, context, assignment, metrics: worker.metrics }
}
