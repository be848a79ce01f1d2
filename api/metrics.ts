/** What a metric means. */
export interface MetricAbout {
  readonly unit: MetricUnit
  /** One sentence for the user who reads the value. At most 200 characters are kept. */
  readonly doc: string
}

/** The usual units; any other text of up to 32 characters will do as well. */
export type MetricUnit = 'records' | 'bytes' | 'ms' | 'seconds' | 'count' | 'ratio' | (string & {})

/** A number that only grows. */
export interface Counter {
  /** Adds `count`, by default 1. Throws `HR_ILLEGAL_ARGUMENT` unless it is a finite number from 0. */
  add(count?: number): void
}

/** A number that goes up and down. */
export interface Gauge {
  /** Replaces the value. `NaN` and infinite values are shown as null. */
  set(value: number): void
}

/**
 * The metrics of one task, shown in `GET /headrace/connectors/{connector}` beside the worker's own. They start at 0
 * (gauges: null) with each start of the task.
 *
 * Both methods return the same instrument when called again with the same name. They throw `HR_ILLEGAL_ARGUMENT` for a
 * name that is not of the form `rows_read` (lower case, digits and underscores, at most 64 characters), that is taken by
 * the other kind, and for more than 50 metrics. Create instruments once, in `openTask`; using them costs next to nothing.
 */
export interface PluginMetrics {
  counter(name: string, about: MetricAbout): Counter
  gauge(name: string, about: MetricAbout): Gauge
}
