export {
  between,
  defineConfig,
  invalidValue,
  nonEmpty,
  nonEmptyList,
  oneOf,
  oneOfIgnoringCase,
  rule,
  Secret,
} from './config/index.ts'
export type {
  ConfigDef,
  ConfigKey,
  ConfigType,
  ConfigTypes,
  Importance,
  Infer,
  Recommender,
  Validator,
  Width,
} from './config/index.ts'
export type {
  ConfigFault,
  Connector,
  ConnectorContext,
  DeletedContext,
  DiagnoseContext,
  Finding,
  RunningConnector,
  SinkConnector,
  SourceConnector,
  SourceConnectorContext,
  SourceDiagnoseContext,
} from './connector.ts'
export type {
  Converter,
  ConverterContext,
  ConverterInstance,
  ConverterRole,
  HeaderConverterInstance,
  Serialized,
} from './converter.ts'
export {
  array,
  BOOLEAN,
  BYTES,
  dateFromMs,
  dateSchema,
  dateToDays,
  decimalScale,
  decimalSchema,
  decimalToBytes,
  describe,
  fitsType,
  FLOAT32,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  isPlainObject,
  logicalNames,
  makeSchema,
  map,
  MS_PER_DAY,
  OPTIONAL_BOOLEAN,
  OPTIONAL_BYTES,
  OPTIONAL_FLOAT32,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT16,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_INT8,
  OPTIONAL_STRING,
  primitive,
  keyedMap,
  projectionOf,
  schemalessTypeOf,
  schemaTypes,
  STRING,
  struct,
  timeFromMs,
  timeSchema,
  timestampSchema,
  timeToMs,
  validateValue,
  withAttributes,
} from './data/index.ts'
export type {
  Field,
  LogicalName,
  ParametersFit,
  Projection,
  Schema,
  SchemaAttributes,
  SchemaInit,
  SchemaType,
} from './data/index.ts'
export { causesOf, reasonOf, rootCauseOfTrace } from './causes.ts'
export { ConnectError, errorCodes, isConnectError, isRetriable, messageOf } from './errors.ts'
export type { ConnectErrorOptions, ErrorCode } from './errors.ts'
export {
  changedHeaders,
  headersNamed,
  lastHeader,
  latestHeaders,
  noHeaders,
  withHeader,
  withoutHeaders,
} from './headers.ts'
export type { Header } from './headers.ts'
export {
  BoxedInteger,
  Decimal,
  Float32,
  Float64,
  int64,
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  schemalessFloat,
} from './numbers/index.ts'
export type { LogFields, Logger } from './logger.ts'
export type {
  EnsureTopicOptions,
  KafkaHeader,
  KafkaRecord,
  KafkaRecordInit,
  ReadTopicOptions,
  TaskKafka,
} from './kafka.ts'
export { isJsonValue, JsonValue } from './json-value.ts'
export type { JsonFormat } from './json-value.ts'
export { isNotReady, NotReady } from './not-ready.ts'
export type { Counter, Gauge, MetricAbout, MetricUnit, PluginMetrics } from './metrics.ts'
export type { ConfigProvider, ConfigProviderInstance, Plugin, PluginEntry, ProvidedConfig } from './plugin.ts'
export { headraceVersion, version } from './version.ts'
export type { Props, TaskProps } from './props.ts'
export { RecordQueue } from './record-queue.ts'
export type { RecordQueueOptions } from './record-queue.ts'
export { changedRecord, sourceRecord } from './record.ts'
export type {
  ConnectRecord,
  OffsetValue,
  RecordChanges,
  SinkRecord,
  SourceOffset,
  SourcePartition,
  SourceRecord,
  SourceRecordInit,
  TimestampType,
  TopicPartition,
} from './record.ts'
export type { ErrantRecordReporter, PartitionOffset, SinkTask, SinkTaskContext } from './sink-task.ts'
export type {
  Delivery,
  SourceTask,
  SourceTaskContext,
  StoredOffset,
  TransactionContext,
} from './source-task.ts'
export type { TaskContext, TaskProgress, TaskRetry } from './task-context.ts'
export type {
  Predicate,
  RecordHalf,
  SchemaAndValue,
  StepResult,
  Transform,
  TransformContext,
  TransformStep,
} from './transform.ts'
