/** The definition of a metric of tasks. */
export interface Metric {
  /** Name in responses of the REST API. */
  readonly name: string
  /** A counter only increases, from 0 at the start of the task. */
  readonly kind: 'counter' | 'gauge'
  readonly unit: string
  readonly doc: string
  /** The JMX attribute with the same meaning in Kafka Connect, if there is one. */
  readonly java: string | { readonly source: string | null; readonly sink: string | null } | null
  /** Whether the value may be null, for unknown. */
  readonly nullable?: boolean
}

/** Metrics by the names of their properties in snapshots. */
export type MetricTable = Readonly<Record<string, Metric>>

type Value<M> = M extends { readonly nullable: true } ? number | null : number

/** The values of all metrics of a table: an object that is updated in place. */
export type MetricValues<D extends MetricTable> = { -readonly [K in keyof D]: Value<D[K]> }

/** The values of all metrics of a table, by their names in the REST API. */
export type MetricFields<D extends MetricTable> = { readonly [K in keyof D as D[K]['name']]: Value<D[K]> }

/** Returns the definitions unchanged. Preserves the names for the types of values and fields. */
export function defineMetrics<const D extends MetricTable>(table: D): D {
  return table
}

const initial = ({ nullable }: Metric): number | null => (nullable === true ? null : 0)

/** Returns the values at the start of a task: 0, or null if they may be unknown. */
export function newMetricValues<D extends MetricTable>(table: D): MetricValues<D> {
  const entries = Object.entries(table).map(([key, metric]) => [key, initial(metric)])
  return Object.fromEntries(entries) as MetricValues<D>
}

/** Returns values by their names in the REST API; those at the start of a task if there are none. */
export function metricFields<D extends MetricTable>(
  table: D,
  values: Readonly<MetricValues<D>> | undefined,
): MetricFields<D> {
  const entries = Object.entries(table).map(([key, metric]) => [
    metric.name,
    values?.[key] ?? initial(metric),
  ])
  return Object.fromEntries(entries) as MetricFields<D>
}

/** Returns the sums over several tasks; the sum of a nullable metric is null if all its values are. */
export function totalFields<D extends MetricTable>(
  table: D,
  tasks: readonly MetricFields<D>[],
): MetricFields<D> {
  const entries = Object.values<Metric>(table).map((metric) => {
    const values = tasks.flatMap((fields) => {
      const value = (fields as Readonly<Record<string, number | null>>)[metric.name] ?? null
      return value === null ? [] : [value]
    })
    return [metric.name, values.length === 0 ? initial(metric) : values.reduce((sum, value) => sum + value)]
  })
  return Object.fromEntries(entries) as MetricFields<D>
}
