/** The unit and description of a metric. */
export interface MetricAbout {
  readonly unit: MetricUnit
  /** One sentence that explains the value to users. Truncated to 200 characters. */
  readonly doc: string
}

/** The usual units; any other string of up to 32 characters is allowed too. */
export type MetricUnit = 'records' | 'bytes' | 'ms' | 'seconds' | 'count' | 'ratio' | (string & {})

/** A number that only increases. */
export interface Counter {
  /** Adds `count`, 1 by default. Throws `HR_ILLEGAL_ARGUMENT` unless it is a finite number of at least 0. */
  add(count?: number): void
}

/** A number that can increase and decrease. */
export interface Gauge {
  /** Replaces the value. `NaN` and infinite values are shown as null. */
  set(value: number): void
}

/**
 * The metrics of one task, shown in `GET /headrace/connectors/{connector}` in addition to the worker's own. At each
 * start of the task, counters are 0 and gauges null.
 *
 * Both methods return the same instrument when called again with the same name. They throw `HR_ILLEGAL_ARGUMENT` for a
 * name that is not of the form `rows_read` (lower case, digits and underscores, at most 64 characters), for a name of
 * the other kind of instrument, and for more than 50 metrics. Create instruments once, in `openTask`; updating them is
 * cheap.
 */
export interface PluginMetrics {
  counter(name: string, about: MetricAbout): Counter
  gauge(name: string, about: MetricAbout): Gauge
}
