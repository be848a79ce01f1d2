import type { Counter, Gauge, PluginMetrics } from '../../../../api/index.ts'

export interface SourceMetrics {
  readonly read: Counter
  readonly failed: Counter
  readonly late: Counter
  readonly requests: Counter
  readonly foreign: Gauge
  readonly empty: Gauge
}

export function sourceMetrics(metrics: PluginMetrics): SourceMetrics {
  const counter = (name: string, doc: string): Counter => metrics.counter(name, { unit: 'count', doc })
  const gauge = (name: string, doc: string): Gauge => metrics.gauge(name, { unit: 'count', doc })
  return {
    read: counter(
      'objects_read',
      'Objects that have been read to their end, those with keys and headers not counted.',
    ),
    failed: counter('objects_failed', 'Objects that were left out because they could not be read.'),
    late: counter('objects_late', 'Objects that are not read because they appeared before the position.'),
    requests: counter('list_pages', 'Pages of listings of the bucket.'),
    foreign: gauge(
      'objects_ignored',
      'Objects in the last listing that are not read because of their names.',
    ),
    empty: gauge('objects_empty', 'Objects in the last listing that are not read because they are empty.'),
  }
}
