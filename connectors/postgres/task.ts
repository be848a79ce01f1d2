import { randomUUID } from 'node:crypto'
import { RecordQueue, type SourceRecord, type SourceTask, type SourceTaskContext } from '../../api/index.ts'
import { runCapture } from './capture.ts'
import { captureRules } from './config/capture-rules.ts'
import { parseSettings } from './config/parse-settings.ts'
import { Passed } from './session/passed.ts'
import { runSession } from './session/session.ts'
import { noCounts } from './streaming/ports.ts'

/** Bytes of queued records, unless `max.queue.size.in.bytes` limits them. */
const QUEUE_BYTES = 64 * 1024 * 1024

/**
 * Starts to capture changes in the background, and returns the task that passes them on. Source: PostgresConnectorTask.
 */
export async function openPostgresTask(context: SourceTaskContext): Promise<SourceTask> {
  const { props, log, connector } = context
  const config = parseSettings(props)
  const rules = captureRules(config, props)
  const partition = { server: config['topic.prefix'] ?? '' }
  const passed = new Passed(await context.lastOffset(partition))
  const maxRecords = config['max.queue.size']
  const maxBytes = config['max.queue.size.in.bytes'] || QUEUE_BYTES
  const queue = new RecordQueue({ maxRecords, maxBytes, maxPolled: config['max.batch.size'] })
  const emit = (records: readonly SourceRecord[], bytes: number): void | Promise<void> => {
    const fits = queue.size + records.length <= maxRecords && queue.bytes + bytes <= maxBytes
    const pushed = queue.push(records, bytes)
    return fits ? undefined : pushed
  }
  const closing = new AbortController()
  const runId = randomUUID()
  const counts = noCounts()
  const capture = runCapture(
    {
      session: (signal, streaming) =>
        runSession({ config, rules, connector, runId, passed, emit, counts, log }, signal, streaming),
      maxRetries: config['errors.max.retries'],
      retryWaitMs: config['retriable.restart.connector.wait.ms'],
      retrying: (state) => {
        if (state === null) log.info('capturing changes again')
        else log.warn('cannot capture changes; retrying', { ...state })
      },
      failed: (error) => queue.fail(error),
    },
    closing.signal,
  )
  return {
    poll: (signal) => queue.poll(signal),
    updateOffsets() {
      if (queue.size > 0) return []
      const offset = passed.takeOffsetWithoutRecord()
      return offset === undefined ? [] : [[partition, offset]]
    },
    committed(offsets) {
      for (const [, offset] of offsets) if (offset !== null) passed.stored(offset)
    },
    async close() {
      closing.abort()
      queue.close()
      await capture
    },
  }
}
