import type { Counter, PluginMetrics } from '../../../api/index.ts'
import type { RotationReason } from './batch/open-batch.ts'

const reasons: Readonly<Record<RotationReason, string>> = {
  size: 'flush.size records were open',
  interval: 'of the time of a record',
  directory: 'a record had another directory than the one before',
  schedule: 'a scheduled time had come',
  schema: 'the schema of a record did not fit',
  open_directories: 'the limit of open directories was reached',
  commit: 'offsets were to be committed',
}

/** What the metrics show of the current state. */
export interface SinkState {
  readonly openObjects: number
  readonly closedObjects: number
  readonly heldBytes: number
}

/** The metrics of a sink task, besides those of the storage. */
export interface SinkMetrics {
  wrote(records: number): void
  rotated(reason: RotationReason): void
  /** Counts objects of earlier tasks that were kept. */
  kept(objects: number): void
  retried(): void
  show(state: SinkState): void
}

/** Creates the metrics of a sink task. */
export function sinkMetrics(metrics: PluginMetrics): SinkMetrics {
  const count = (name: string, doc: string, unit = 'count') => metrics.counter(name, { unit, doc })
  const gauge = (name: string, doc: string, unit = 'bytes') => metrics.gauge(name, { unit, doc })
  const records = count('records_written', 'Records written to objects, stored or not.', 'records')
  const kept = count(
    'objects_kept',
    'Objects of earlier tasks that were kept, because they have other records.',
  )
  const retries = count('upload_retries', 'Attempts to store an object that failed and were repeated.')
  const rotations = new Map<RotationReason, Counter>()
  for (const reason of Object.keys(reasons) as RotationReason[]) {
    rotations.set(
      reason,
      count(`rotations_${reason}`, `Times that objects were closed because ${reasons[reason]}.`),
    )
  }
  const open = gauge('open_objects', 'Objects that records are being written to.', 'count')
  const closed = gauge('closed_objects', 'Complete objects that are being stored or wait for it.', 'count')
  const held = gauge('encoder_bytes', 'Memory of values that the formats hold, estimated.')
  return {
    wrote: (number) => records.add(number),
    rotated: (reason) => rotations.get(reason)?.add(),
    kept: (objects) => kept.add(objects),
    retried: () => retries.add(),
    show: (state) => {
      open.set(state.openObjects)
      closed.set(state.closedObjects)
      held.set(state.heldBytes)
    },
  }
}
