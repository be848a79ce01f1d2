export {
  searchDocuments,
  searchEnvironment,
  searchRequest,
  sharedElasticsearch,
  sharedOpenSearch,
  startElasticsearch,
  startOpenSearch,
} from './elasticsearch/index.ts'
export type {
  ElasticsearchOptions,
  SearchAddress,
  SearchAnswer,
  SearchDocument,
  SearchServerOptions,
  TestSearchServer,
} from './elasticsearch/index.ts'
export {
  debeziumPlugins,
  javaCommand,
  javaKit,
  KAFKA_ADDRESS,
  runJava,
  sharedKafka,
  startKafka,
} from './kafka/index.ts'
export { createTopic, deleteTopics, untilReplicated, withAdmin } from './kafka/topics.ts'
export { createTopics, readTopic, writeTopic } from './kafka/topic-records.ts'
export type { TopicRecord } from './kafka/topic-records.ts'
export { writeNumbers } from './kafka/numbered-topic.ts'
export type { NumberedRecord, NumberedTopic } from './kafka/numbered-topic.ts'
export type { Broker, KafkaCluster, KafkaOptions, LoginMechanism } from './kafka/index.ts'
export {
  createDatabase,
  createDatabaseOn,
  POSTGRES_URL,
  sharedPostgres,
  startPostgres,
} from './postgres/index.ts'
export type { Database, PostgresOptions, PostgresServer } from './postgres/index.ts'
export { PYTHON, runPython } from './python/index.ts'
export type { PythonOptions } from './python/index.ts'
export {
  s3Request,
  startHttpProxy,
  startKafkaProxy,
  startProxy,
  startS3Proxy,
  startSearchProxy,
} from './proxies/index.ts'
export type {
  HttpProxy,
  KafkaProxy,
  Proxy,
  S3Fault,
  S3Proxy,
  SearchFault,
  SearchProxy,
} from './proxies/index.ts'
export { createBucket, createBucketOn, s3Environment, sharedS3, startS3 } from './s3/index.ts'
export type { Bucket, S3Address, S3Options, S3Server } from './s3/index.ts'
export { peakMemory, startChild, stopAllChildren, stopOnSignal, workFolder } from './processes/index.ts'
export type { Child } from './processes/index.ts'
export { projectFolder } from './project.ts'
export { waitFor } from './wait-for.ts'
export * from './worker/index.ts'
