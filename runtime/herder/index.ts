export { DistributedHerder } from './distributed/herder.ts'
export type {
  ConnectorInfo,
  ConnectorStateInfo,
  ConnectorType,
  Herder,
  InstanceInfo,
  PutOptions,
  TaskInfo,
} from './herder.ts'
export { StandaloneHerder } from './standalone/herder.ts'
