export { fenceProducers } from './admin/fence-producers.ts'
export { GroupAdmin } from './admin/group-admin.ts'
export type { GroupDescription } from './admin/group-admin.ts'
export { TopicAdmin } from './admin/topic-admin.ts'
export type { NewTopic } from './admin/create-topic.ts'
export type { TopicCreation } from './admin/topic-admin.ts'
export { errorTypeOf } from './connection/broker-errors.ts'
export type { KafkaClient, RetryLimits } from './connection/client.ts'
export type { TopicMetadata } from './connection/metadata.ts'
export type { PartitionStart, RebalanceListener } from './group/consumer-group.ts'
export type { TopicSelection } from './group/subscribed-topics.ts'
export { ClientOutages, Outages } from './outages/index.ts'
export type { Blocked } from './outages/index.ts'
export { WireReader, WireWriter } from './connection/wire.ts'
export { GroupMember } from './group/member.ts'
export type { GroupProtocol, GroupSettings, JoinedMember } from './group/ports.ts'
export type { Fetcher } from './fetcher/fetcher.ts'
export { ClientCache } from './client-cache.ts'
export { openClient, openConsumer, openFetcher, openProducer, openTransactionalProducer } from './open.ts'
export type {
  Consumer,
  DeliveryListener,
  FetchedHeader,
  Producer,
  RawHeader,
  RawRecord,
  Segment,
  TransactionalProducer,
} from './ports.ts'
export type { WriteRight } from './producer/write-right.ts'
export { isTimestamp } from './record-batch/index.ts'
export { peerTls, serverTls } from './settings/rest-tls.ts'
export { clientSetting } from './settings/table/index.ts'
export type { ClientKind, ClientSetting } from './settings/table/index.ts'
export { unknownClientSettings } from './settings/unknown.ts'
export { reasonWithoutEffect, workerClientSettings } from './settings/without-effect.ts'
export { workerClientProps } from './settings/worker-client.ts'
export { keyOf, topicPartitionKey } from './topic-partition.ts'
