export { DistributedHerder } from './distributed/herder.ts'
export { isSignatureAlgorithm } from './distributed/requests/request-signature.ts'
export type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorStateInfo,
  ConnectorType,
  Herder,
  InstanceInfo,
  PutOptions,
  TaskInfo,
} from './herder.ts'
export { StandaloneHerder } from './standalone/herder.ts'
export { targetOf } from './distributed/requests/request-target.ts'
export type { PeerAnswer, PeerRequest, Peers, RequestSignature } from './peers.ts'
