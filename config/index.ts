export {
  commonConfig,
  connectorConfig,
  deadLetterConfig,
  extensionConfig,
  nameFault,
  ownConnectorConfig,
  sinkConfig,
  sinkConnectorConfig,
  sourceConfig,
  sourceConnectorConfig,
} from './connector/index.ts'
export type { ConnectorConfig, KnownClasses, SinkConfig, SourceConfig } from './connector/index.ts'
export {
  copiedHashOrder,
  hashOrder,
  jsonSchemaOf,
  nearest,
  parseConfig,
  parseSetting,
  parseSettingForUse,
  parseValue,
  sameProps,
  tagsOf,
  tagPairs,
  tagText,
  withoutNulls,
  withPrefix,
} from './definition/index.ts'
export type { ParsedSetting, ResolveClass, Tags } from './definition/index.ts'
export {
  decodeText,
  javaTokens,
  loadConnectorFile,
  loadedConnector,
  loadWorkerProperties,
  parseConnectorFile,
  parseJsonText,
  parseProperties,
  printProperties,
  readText,
  withoutByteOrderMark,
} from './files/index.ts'
export type {
  ConnectorFile,
  JavaToken,
  LoadedConnector,
  LoadedProperties,
  PropertyEntry,
} from './files/index.ts'
export { builtInProviders, hasVariables, openProviders, resolveVariables } from './providers/index.ts'
export type { ResolvedProps } from './providers/index.ts'
export {
  distributedWorkerConfig,
  exactlyOnceMode,
  parseByteSize,
  parseDistributedConfig,
  parseStandaloneConfig,
  standaloneWorkerConfig,
} from './worker/index.ts'
export type {
  DistributedWorkerConfig,
  SettingNote,
  StandaloneWorkerConfig,
  WorkerConfig,
} from './worker/index.ts'
