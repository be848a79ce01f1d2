import { randomUUID } from 'node:crypto'
import { RecordQueue, type SourceRecord, type SourceTask, type SourceTaskContext } from '../../api/index.ts'
import { runRetriedSession } from '../shared/retried-session.ts'
import { captureRules } from './config/capture-rules.ts'
import { parseSettings } from './config/parse-settings.ts'
import { requireUsable, startWarnings } from './config/start-checks.ts'
import { taskMetrics } from './metrics/task-metrics.ts'
import { dropSlotAtStop } from './session/drop-slot.ts'
import { Passed } from './session/passed.ts'
import { Resumption } from './session/resumption.ts'
import { runSession } from './session/session.ts'

/** Bytes of queued records, unless `max.queue.size.in.bytes` limits them. */
const QUEUE_BYTES = 64 * 1024 * 1024
const METRICS_INTERVAL_MS = 1000

/**
 * Starts to capture changes in the background, and returns the task that passes them on. Source: PostgresConnectorTask.
 */
export async function openPostgresTask(context: SourceTaskContext): Promise<SourceTask> {
  const { props, log, connector, kafka } = context
  const config = parseSettings(props)
  requireUsable(config)
  for (const warning of startWarnings(config, props)) log.warn(warning)
  const rules = captureRules(config, props)
  const partition = { server: config['topic.prefix'] }
  const stored = await context.lastOffset(partition)
  const passed = new Passed(stored)
  const resumption = new Resumption(stored)
  const maxRecords = config['max.queue.size']
  const maxBytes = config['max.queue.size.in.bytes'] || QUEUE_BYTES
  const queue = new RecordQueue({ maxRecords, maxBytes, maxPolled: config['max.batch.size'] })
  const emit = (records: readonly SourceRecord[], bytes: number): void | Promise<void> => {
    const fits = queue.size + records.length <= maxRecords && queue.bytes + bytes <= maxBytes
    const pushed = queue.push(records, bytes)
    if (!fits) return pushed
    pushed.catch(() => {}) // the queue has ended, and whoever ended it knows why
    return undefined
  }
  const metrics = taskMetrics(context.metrics)
  const publishing = setInterval(() => {
    const { size: queued, bytes } = queue
    metrics.publish({ records: queued, bytes, maxRecords, maxBytes }, passed.position.last?.lsn ?? null)
  }, METRICS_INTERVAL_MS)
  const closing = new AbortController()
  const parts = {
    config,
    props,
    rules,
    connector,
    runId: randomUUID(),
    passed,
    exactlyOnce: context.exactlyOnce,
    emit,
    metrics,
    kafka,
    json: context.valueJson,
    progress: context.progress.bind(context),
    log,
  }
  const capture = runRetriedSession(
    {
      session: (signal, streaming) => runSession(parts, signal, streaming),
      maxRetries: config['errors.max.retries'],
      maxWaitMs: config['retriable.restart.connector.wait.ms'],
      retrying: (state) => context.retrying(state),
      failed: (error) => queue.fail(error),
    },
    closing.signal,
  )
  return {
    async poll(signal) {
      const records = await queue.poll(signal)
      resumption.returned(records)
      return records
    },
    resumable: () => resumption.possible,
    updateOffsets() {
      if (queue.size > 0) return []
      const offset = passed.takeOffsetWithoutRecord()
      return offset === undefined ? [] : [[partition, offset]]
    },
    committed(offsets) {
      for (const [from, offset] of offsets) {
        if (from === null || offset === null) continue
        passed.stored(offset)
        resumption.stored(offset)
      }
    },
    async close() {
      clearInterval(publishing)
      closing.abort()
      queue.close()
      await capture
      await dropSlotAtStop(config, connector, log)
    },
  }
}
