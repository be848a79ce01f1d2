import type { ConfigDef, Infer, Logger, Props } from '../../../../api/index.ts'
import {
  closeSteps,
  createChain,
  withConverters,
  type ChainStep,
  type Converters,
} from '../../../pipeline/index.ts'
import type { HostEnvironment } from '../environment.ts'
import type { ErrorPlan } from './error-setup.ts'

/** The plugins that the records of a connector pass through. */
export interface RecordPlugins {
  readonly steps: readonly ChainStep[]
  readonly converters: Converters
}

/** The plugins and parsed settings that a task runs with. */
export interface TaskParts extends RecordPlugins {
  readonly config: Infer<ConfigDef>
  readonly plan: ErrorPlan
}

/** The connector or task whose plugins are created. */
export interface PluginsOwner {
  readonly connectorProps: Props
  /** Fields of the log lines of converters. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly log: Logger
  /** Aborts the signal of the converters. */
  readonly stop: AbortSignal
}

/**
 * Creates the transforms and converters of a connector, and closes them when `use` has ended.
 *
 * Throws `HR_CONFIG_INVALID`; `HR_CONNECT` when a plugin rejects settings that its definition allows.
 */
export async function withRecordPlugins<T>(
  { registry, worker, loggers }: HostEnvironment,
  { connectorProps, fields, log, stop }: PluginsOwner,
  use: (plugins: RecordPlugins) => Promise<T>,
): Promise<T> {
  const steps = createChain(registry, connectorProps, log)
  const loggerOf = (className: string) => loggers.logger(className, fields)
  try {
    return await withConverters({ registry, worker, connectorProps, loggerOf, stop }, (converters) =>
      use({ steps, converters }),
    )
  } finally {
    closeSteps(steps, log)
  }
}
