export { distributedHerder } from './distributed/herder.ts'
export { isSignatureAlgorithm } from './distributed/requests/request-signature.ts'
export type { ClusterQueries, ClusterView, OwnFacts } from './cluster.ts'
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
export { inTime } from './in-time.ts'
export { gone, reached, settled, settledAfterRestart } from './goals.ts'
export type { Goal, Outcome } from './goals.ts'
export { standaloneHerder } from './standalone/herder.ts'
export { targetOf } from './distributed/requests/request-target.ts'
export type { PeerAnswer, PeerRequest, Peers, RequestSignature } from './peers.ts'
