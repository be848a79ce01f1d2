export { createDistributedHerder, createStandaloneHerder } from './assembly/index.ts'
export type { WorkerOptions } from './assembly/index.ts'
export type {
  ConnectorInfo,
  ConnectorStateInfo,
  ConnectorType,
  DistributedHerder,
  Herder,
  InstanceInfo,
  PutOptions,
  StandaloneHerder,
  TaskInfo,
} from './herder/index.ts'
export { unknownClientSettings } from './kafka/index.ts'
export type { PluginInfo, PluginKind } from './plugins/index.ts'
export type { InstanceState, RestartRequest, TargetState, TaskId } from './stores/index.ts'
export { LoggerFactory, LogLevels, openLogWriter, parseLogLevel } from './telemetry/index.ts'
export type { LogFormat, LogLine, LogSink } from './telemetry/index.ts'
export type { ConfigInfos, ConfigKeyInfo } from './validation/index.ts'
export type { TaskSnapshot } from './worker/index.ts'
