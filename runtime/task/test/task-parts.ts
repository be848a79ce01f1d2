import type {
  ConnectRecord,
  ConverterInstance,
  HeaderConverterInstance,
  LogFields,
} from '../../../api/index.ts'
import { ConnectError, NotReady } from '../../../api/index.ts'
import { MemoryKafka } from '../../../testing/index.ts'
import { ErrorHandler, newErrorCounters, type FailureReporter } from '../../errors/index.ts'
import type { ChainStep, Converters, WaitReports } from '../../pipeline/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { gate, type Gate } from '../../timing/test/gate.ts'
import { TaskPluginMetrics } from '../context/plugin-metrics.ts'
import { Retries } from '../context/retries.ts'
import { taskContext } from '../context/task-context.ts'
import type { TaskMetrics } from '../metrics.ts'
import type { PluginCalls, TaskEvents } from '../ports.ts'
import type { TaskControl } from '../stop.ts'

/** A converter of plain text; the value `unreadable` fails. */
const textConverter: ConverterInstance & HeaderConverterInstance = {
  fromConnect: (_topic, _schema, value) => readable(value),
  toConnect: (_topic, bytes) => ({ schema: null, value: readable(bytes?.toString() ?? null) }),
  fromConnectHeader: (_topic, _key, _schema, value) => readable(value),
  toConnectHeader: (_topic, _key, bytes) => ({ schema: null, value: bytes?.toString() ?? null }),
}

function readable(value: unknown): string | null {
  if (value === 'unreadable') throw new ConnectError('HR_DATA_INVALID', 'it is unreadable')
  return value as string | null
}

const named = { className: 'TextConverter', converter: textConverter }
export const textConverters: Converters = { key: named, value: named, header: named }

/** Text converters that have to look up some texts before they can convert them. */
export class LookUps {
  readonly #gates: ReadonlyMap<string, Gate>
  readonly #found = new Set<string>()
  /** The texts that were not ready, once per time. */
  readonly asked: string[] = []

  constructor(...texts: readonly string[]) {
    this.#gates = new Map(texts.map((text) => [text, gate()]))
    for (const [text, { opened }] of this.#gates) {
      opened.then(
        () => this.#found.add(text),
        () => {},
      )
    }
  }

  find(text: string): void {
    this.#gates.get(text)?.open()
  }

  break(text: string, error: Error): void {
    this.#gates.get(text)?.break(error)
  }

  get converters(): Converters {
    const converter: ConverterInstance & HeaderConverterInstance = {
      fromConnect: (_topic, _schema, value) => this.#ready(value),
      toConnect: (_topic, bytes) => ({ schema: null, value: this.#ready(bytes?.toString() ?? null) }),
      fromConnectHeader: (_topic, _key, _schema, value) => this.#ready(value),
      toConnectHeader: (_topic, _key, bytes) => ({
        schema: null,
        value: this.#ready(bytes?.toString() ?? null),
      }),
    }
    const own = { className: 'LookUpConverter', converter }
    return { key: own, value: own, header: own }
  }

  #ready(value: unknown): string | null {
    const text = readable(value)
    const found = text === null ? undefined : this.#gates.get(text)
    if (text === null || found === undefined || this.#found.has(text)) return text
    this.asked.push(text)
    throw new NotReady(found.opened, text)
  }
}

/** A transform that changes values; null drops the record. */
export function valueStep(change: (value: string) => string | null): ChainStep {
  return {
    alias: 'test',
    className: 'TestStep',
    step: {
      apply: <R extends ConnectRecord>(record: R) => {
        const value = change(String(record.value))
        return value === null ? null : { ...record, value }
      },
    },
  }
}

export function errorHandler(
  tolerance: 'none' | 'all' = 'none',
  reporters: readonly FailureReporter[] = [],
): ErrorHandler {
  const settings = { retryTimeoutMs: 0, retryDelayMaxMs: 1, tolerance }
  return new ErrorHandler(settings, reporters, newErrorCounters(), new AbortController().signal)
}

export const unreported: WaitReports = { failing: () => {}, recovered: () => {} }

export const plainCalls: PluginCalls = { run: async (call) => call() }

/** Collects log lines and events. */
export class Journal implements TaskEvents {
  readonly states: string[] = []
  readonly lines: string[] = []
  readonly log = {
    ...silentLogger,
    warn: (message: string, fields?: LogFields) => this.#note(message, fields),
    error: (message: string, fields?: LogFields) => this.#note(message, fields),
  }

  running(): void {
    this.states.push('running')
  }
  paused(): void {
    this.states.push('paused')
  }

  #note(message: string, fields: LogFields | undefined): void {
    const reason = fields?.['reason']
    this.lines.push(typeof reason === 'string' ? `${message}: ${reason}` : message)
  }
}

/** The context of task 0 of connector `c`. */
export const testContext = (control: TaskControl, metrics: TaskMetrics, { log }: Journal) =>
  taskContext({
    id: { connector: 'c', task: 0 },
    taskProps: {},
    log,
    control,
    metrics,
    retries: new Retries(metrics, log),
    pluginMetrics: new TaskPluginMetrics(),
    kafka: new MemoryKafka(control.ending),
  })
