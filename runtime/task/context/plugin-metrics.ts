import {
  ConnectError,
  type Counter,
  type Gauge,
  type MetricAbout,
  type PluginMetrics,
} from '../../../api/index.ts'
import type { PluginMetric } from '../metrics.ts'
import { shortened } from './shortened.ts'

/** Maximum number of metrics per task: when one changes, all of them are sent to the main process. */
export const MOST_METRICS = 50
const MAX_NAME_CHARS = 64
const MAX_UNIT_CHARS = 32
const MAX_DOC_CHARS = 200

interface Entry {
  readonly about: Omit<PluginMetric, 'value'>
  readonly counter: Counter
  readonly gauge: Gauge
  value: number | null
}

/** The metrics defined by the code of one task. */
export class TaskPluginMetrics implements PluginMetrics {
  readonly #entries = new Map<string, Entry>()
  #values: readonly PluginMetric[] = []
  #changed = false

  counter(name: string, about: MetricAbout): Counter {
    return this.#entry('counter', name, about).counter
  }

  gauge(name: string, about: MetricAbout): Gauge {
    return this.#entry('gauge', name, about).gauge
  }

  /** Returns all metrics with their values; the same array as long as nothing changes. */
  values(): readonly PluginMetric[] {
    if (this.#changed)
      this.#values = [...this.#entries.values()].map(({ about, value }) => ({ ...about, value }))
    this.#changed = false
    return this.#values
  }

  #entry(type: PluginMetric['type'], name: string, { unit, doc }: MetricAbout): Entry {
    const known = this.#entries.get(name)
    if (known?.about.type === type) return known
    if (known !== undefined) throw illegal(`${name} is a ${known.about.type}, not a ${type}`)
    if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > MAX_NAME_CHARS) {
      throw illegal(
        `found the name '${name}', expected lower case letters, digits and underscores, at most ${MAX_NAME_CHARS}`,
      )
    }
    if (this.#entries.size === MOST_METRICS)
      throw illegal(`cannot define ${name}: a task may have at most ${MOST_METRICS} metrics`)
    if (typeof unit !== 'string' || typeof doc !== 'string')
      throw illegal(`${name} requires a unit and a doc`)
    const about = { name, type, unit: shortened(unit, MAX_UNIT_CHARS), doc: shortened(doc, MAX_DOC_CHARS) }
    const entry: Entry = {
      about,
      value: type === 'counter' ? 0 : null,
      counter: {
        add: (count = 1) => {
          if (!(count >= 0 && count < Infinity))
            throw illegal(`${name}: found ${count}, expected a number of at least 0`)
          entry.value = (entry.value ?? 0) + count
          this.#changed = true
        },
      },
      gauge: {
        set: (value) => {
          entry.value = Number.isFinite(value) ? value : null
          this.#changed = true
        },
      },
    }
    this.#entries.set(name, entry)
    this.#changed = true
    return entry
  }
}

const illegal = (message: string): ConnectError =>
  new ConnectError('HR_ILLEGAL_ARGUMENT', `Metrics: ${message}`)
