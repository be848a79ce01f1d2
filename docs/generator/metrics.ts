import {
  batchMetrics,
  errorMetrics,
  recordMetrics,
  type Metric,
  type MetricTable,
} from '../../runtime/telemetry/index.ts'
import type { MetricAbout, PluginMetrics } from '../../api/index.ts'
import { taskMetrics } from '../../connectors/postgres/metrics/task-metrics.ts'
import { code, page, table } from './markdown.ts'

/** Returns the page on the metrics of tasks and connectors. */
export function metricsPage(): string {
  return page(
    'Metrics',
    `Each task counts from its start; the counts are lost when it restarts. \`GET /headrace/connectors\` and
\`GET /headrace/connectors/<name>\` return them from all workers of the cluster. The last column names the JMX attributes
of Kafka Connect with the same meaning.`,
    '## Records',
    'Fields of each task. The fields of a connector are the sums of its tasks.',
    metricsTable(recordMetrics),
    '## Errors',
    'Fields of `errors` of each task. They have the names of Kafka Connect.',
    metricsTable(errorMetrics),
    '## Batches and offset commits',
    'Tasks count these, too, but the REST API does not return them yet.',
    metricsTable(batchMetrics),
    '## Metrics of plugins',
    `The code of a task can define its own metrics ([guide](../guides/write-a-plugin.md)). They are listed in \`metrics\` of
each task, with name, type, unit, description and value.`,
    '### PostgresConnector',
    'The names are those of the JMX attributes of Debezium, in lower case with underscores, and those of the slot. A gauge without a value is not known yet.',
    pluginMetricsTable(taskMetrics),
  )
}

function metricsTable(metrics: MetricTable): string {
  const rows = Object.values(metrics).map(({ name, doc, kind, unit, java }) => [
    code(name),
    doc,
    kind,
    unit,
    attributes(java),
  ])
  return table(['Metric', 'Description', 'Kind', 'Unit', 'Kafka Connect'], rows)
}

/** Returns the metrics that `register` defines, in their order. */
function pluginMetricsTable(register: (metrics: PluginMetrics) => unknown): string {
  const rows: string[][] = []
  const define =
    (kind: string) =>
    (name: string, { unit, doc }: MetricAbout) => {
      rows.push([code(name), doc, kind, unit])
      return { set: () => {}, add: () => {} }
    }
  register({ counter: define('counter'), gauge: define('gauge') })
  return table(['Metric', 'Description', 'Kind', 'Unit'], rows)
}

function attributes(java: Metric['java']): string {
  if (java === null) return ''
  if (typeof java === 'string') return code(java)
  return Object.entries(java)
    .flatMap(([kind, name]) => (name === null ? [] : [`${kind}s: ${code(name)}`]))
    .join(', ')
}
