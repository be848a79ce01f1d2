import type { ConnectorContext, RunningConnector } from '../../api/index.ts'

/** Starts a sink connector whose tasks all have its own settings, because Kafka divides the partitions among them. */
export const startEqualTasks = (_config: unknown, { props }: ConnectorContext): RunningConnector => ({
  taskConfigs: (maxTasks) => Array.from({ length: maxTasks }, () => props),
})
