import { RecordQueue, type SourceTask, type SourceTaskContext } from '../../../api/index.ts'
import { runRetriedSession } from '../../shared/retried-session.ts'
import { waited } from '../../shared/waited.ts'
import type { ObjectBucket } from '../ports.ts'
import { sourceMetrics } from './capture/metrics.ts'
import { PositionsWithoutRecords } from './capture/positions-without-records.ts'
import { Session } from './capture/session.ts'
import type { SourcePlan } from './plan.ts'
import { SeriesPositions } from './positions/series-positions.ts'
import type { Share } from './positions/shares.ts'
import { Slots } from './positions/slots.ts'

const LONGEST_WAIT_MS = 30_000

export interface SourceTaskParts {
  readonly plan: SourcePlan
  readonly bucket: ObjectBucket
  readonly share: Share
  readonly context: Pick<SourceTaskContext, 'lastOffsets' | 'retrying' | 'metrics' | 'log'>
}

/** Starts to read objects in the background, and returns the task that passes on their records. */
export function openSourceTask({ plan, bucket, share, context }: SourceTaskParts): SourceTask {
  const { log } = context
  const lastOffsets = context.lastOffsets.bind(context)
  const { batchSize } = plan
  const queue = new RecordQueue({
    maxRecords: 4 * batchSize,
    maxBytes: plan.bufferBytes,
    maxPolled: batchSize,
  })
  let pushing = 0
  const silent = new PositionsWithoutRecords()
  const session = new Session({
    bucket,
    plan,
    share,
    series: new SeriesPositions(plan.bucket),
    slots: new Slots({ bucket: plan.bucket, share, windowMs: plan.lateWindowMs, lastOffsets }),
    queue: {
      async push(records, bytes) {
        pushing++
        await queue.push(records, bytes)
        pushing--
      },
    },
    silent,
    metrics: sourceMetrics(context.metrics),
    log,
    now: Date.now,
    lastOffsets,
    wait: waited,
  })
  const closing = new AbortController()
  const capture = runRetriedSession(
    {
      session: (signal, succeeded) => session.run(signal, succeeded),
      maxRetries: -1,
      maxWaitMs: LONGEST_WAIT_MS,
      retrying: (retry) => context.retrying(retry),
      failed: (error) => queue.fail(error),
    },
    closing.signal,
  )
  return {
    poll: (signal) => queue.poll(signal),
    // Positions of objects without records come after those of records before them: only when none is left
    updateOffsets: () => (queue.size > 0 || pushing > 0 ? [] : silent.take()),
    async close() {
      closing.abort()
      queue.close()
      await capture
      bucket.close()
    },
  }
}
