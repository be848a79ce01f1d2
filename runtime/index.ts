export { createDistributedHerder, createStandaloneHerder } from './assembly/index.ts'
export type { WorkerOptions } from './assembly/index.ts'
export type {
  ClusterQueries,
  ClusterView,
  ConnectorInfo,
  ConnectorOffset,
  ConnectorStateInfo,
  ConnectorType,
  Goal,
  Herder,
  InstanceInfo,
  Outcome,
  OwnFacts,
  PeerAnswer,
  PeerRequest,
  Peers,
  PutOptions,
  RequestSignature,
  TaskInfo,
} from './herder/index.ts'
export {
  gone,
  inTime,
  isSignatureAlgorithm,
  reached,
  settled,
  settledAfterRestart,
  targetOf,
} from './herder/index.ts'
export { IdleHeap, within } from './timing/index.ts'
export {
  peerTls,
  reasonWithoutEffect,
  serverTls,
  unknownClientSettings,
  workerClientSettings,
} from './kafka/index.ts'
export type { PluginInfo, PluginKind } from './plugins/index.ts'
export type { InstanceState, RestartRequest, TargetState, TaskId } from './stores/index.ts'
export {
  errorMetrics,
  LoggerFactory,
  LogLevels,
  metricFields,
  openLogWriter,
  parseLogLevel,
  recordMetrics,
  totalFields,
} from './telemetry/index.ts'
export type {
  LevelEntry,
  LogFormat,
  LogLevel,
  LogLine,
  LogSink,
  Metric,
  MetricTable,
} from './telemetry/index.ts'
export type { ConfigInfos, ConfigKeyInfo } from './validation/index.ts'
export type { PreviewRequest, Sample, SamplePart, TaskSnapshot } from './worker/index.ts'
export type { FailureNote } from './errors/index.ts'
export { settingWarnings } from './validation/index.ts'
export type { SettingWarning } from './validation/index.ts'
