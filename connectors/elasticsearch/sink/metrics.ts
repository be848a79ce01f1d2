import type { Counter, Gauge, PluginMetrics } from '../../../api/index.ts'

/** The metrics of a sink task, besides those of the bulk writer. */
export interface SinkMetrics {
  readonly refused: Counter
  readonly superseded: Counter
  /** Conflicts with a version that is not from the topic. */
  readonly remade: Counter
  readonly invalid: Counter
  readonly skipped: Counter
  readonly tracked: Gauge
}

/** Creates the metrics of a sink task. */
export function sinkMetrics(metrics: PluginMetrics): SinkMetrics {
  const count = (name: string, doc: string) => metrics.counter(name, { unit: 'records', doc })
  return {
    refused: count('documents_refused', 'Documents that the server does not accept.'),
    superseded: count(
      'operations_superseded',
      'Operations that were not necessary, because they or later ones were already written.',
    ),
    remade: count(
      'versions_above_end',
      'Operations without effect, because the stored version is above the end of the topic.',
    ),
    invalid: count('records_invalid', 'Records that cannot be converted to documents.'),
    skipped: count('records_skipped', 'Records for which there was nothing to write, such as null values.'),
    tracked: metrics.gauge('offsets_tracked', {
      unit: 'records',
      doc: 'Records whose offsets cannot be committed yet.',
    }),
  }
}
