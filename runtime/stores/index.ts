export { ConnectorOffsetStore, WorkerCopies } from './connector-offset-store.ts'
export { FileOffsetStore } from './file/offset-store.ts'
export { MemoryConfigStore } from './memory/config-store.ts'
export { MemoryStatusStore } from './memory/status-store.ts'
export { offsetKey, offsetRecords, offsetValue } from './offset-entries.ts'
export { taskName, transactionalIdOf } from './ports.ts'
export type {
  ConfigListener,
  ConfigSnapshot,
  ConfigStore,
  InstanceState,
  InstanceStatus,
  OffsetReader,
  OffsetStore,
  OffsetWriter,
  PartitionOffsetEntry,
  RestartRequest,
  SeenStatus,
  SessionKey,
  StatusStore,
  StoredOffset,
  TargetState,
  TaskId,
  TopicStatus,
} from './ports.ts'
export { TopicConfigStore } from './topic/config-store.ts'
export { TopicOffsetStore } from './topic/offset-store.ts'
export { TopicStatusStore } from './topic/status-store.ts'
export { connectorOffsetTopic, storageTopic } from './topic/storage-topic.ts'
export { sameForAll } from './topic/log-storage.ts'
