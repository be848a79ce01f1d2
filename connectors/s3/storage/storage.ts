import type { Logger, PluginMetrics } from '../../../api/index.ts'
import { Limiter } from '../limiter.ts'
import { timeLimits, type TimeLimits } from './client/limits.ts'
import { openRequests } from './client/requests.ts'
import { inspectionOf } from './inspection/bucket-inspection.ts'
import { storageMetrics } from './metrics.ts'
import type { Storage } from './ports.ts'
import { S3ObjectBucket } from './reading/bucket.ts'
import type { StorageSettings } from './settings.ts'
import { Staging } from './staging/staging.ts'
import { Conditions } from './upload/context.ts'
import { abortLeftovers } from './upload/leftovers.ts'
import { S3ObjectWriter } from './upload/writer.ts'

/** Requests with a body that run at a time. */
const PARALLEL_BODIES = 8

/**
 * Opens a bucket. Nothing is sent and the SDK is not loaded before the first request. `metrics` are those of the task;
 * null for other work. Throws `HR_CONFIG_INVALID` for settings that contradict each other.
 */
export function openStorage(
  settings: StorageSettings,
  log: Logger,
  metrics: PluginMetrics | null,
  limits: TimeLimits = timeLimits,
): Storage {
  const instruments = storageMetrics(metrics)
  const requests = openRequests(settings, log, limits, (error) => {
    instruments.repeated()
    log.debug(`Trying again: ${error.message}`)
  })
  const conditions = new Conditions(log)
  const openedAt = Date.now()
  const inspection = inspectionOf(settings, requests)
  return {
    bucket: new S3ObjectBucket(settings, requests, () => requests.close()),
    inspection,
    createWriter() {
      // bodies that are read from the temporary file for their request may take half of the memory
      const limiter = new Limiter(PARALLEL_BODIES, settings.bufferMaxBytes / 2)
      const context = { settings, requests, limiter, conditions, metrics: instruments, log }
      return new S3ObjectWriter(context, new Staging(settings, log))
    },
    async checkBucket(signal) {
      await inspection.head(signal)
    },
    async abortLeftovers(prefix, belongs, signal) {
      // the clock of the server is known after the first response, in whole seconds
      const before = (): number => openedAt + (requests.clockAheadMs ?? 0) - 1000
      return abortLeftovers({ settings, requests, log }, { prefix, belongs, before }, signal)
    },
    close: () => requests.close(),
  }
}
