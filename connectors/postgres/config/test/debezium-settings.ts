/**
 * The settings that Debezium 3.6.1 lists for its connector, in order, without those of every connector: name, type,
 * default, importance, group, order in the group, width, display name and dependents.
 */
export const debeziumSettings: readonly (readonly string[])[] = String.raw`
topic.prefix ~ STRING ~ null ~ HIGH ~ Postgres ~ 1 ~ MEDIUM ~ Topic prefix
database.hostname ~ STRING ~ null ~ HIGH ~ Postgres ~ 2 ~ MEDIUM ~ Hostname
database.port ~ INT ~ 5432 ~ HIGH ~ Postgres ~ 3 ~ SHORT ~ Port
database.user ~ STRING ~ null ~ HIGH ~ Postgres ~ 4 ~ SHORT ~ User
database.password ~ PASSWORD ~ null ~ HIGH ~ Postgres ~ 5 ~ SHORT ~ Password
database.dbname ~ STRING ~ null ~ HIGH ~ Postgres ~ 6 ~ MEDIUM ~ Database
database.query.timeout.ms ~ INT ~ 600000 ~ LOW ~ Postgres ~ 7 ~ NONE ~ Query timeout
plugin.name ~ STRING ~ decoderbufs ~ MEDIUM ~ Postgres ~ 8 ~ MEDIUM ~ Plugin
slot.name ~ STRING ~ debezium ~ MEDIUM ~ Postgres ~ 9 ~ MEDIUM ~ Slot
publication.name ~ STRING ~ dbz_publication ~ MEDIUM ~ Postgres ~ 10 ~ MEDIUM ~ Publication
publication.autocreate.mode ~ STRING ~ all_tables ~ MEDIUM ~ Postgres ~ 11 ~ MEDIUM ~ Publication Auto Create Mode
replica.identity.autoset.values ~ STRING ~ null ~ MEDIUM ~ Postgres ~ 12 ~ LONG ~ Replica Identity Auto Set Values
slot.drop.on.stop ~ BOOLEAN ~ false ~ MEDIUM ~ Postgres ~ 13 ~ NONE ~ Drop slot on stop
slot.failover ~ BOOLEAN ~ false ~ MEDIUM ~ Postgres ~ 14 ~ NONE ~ Create failover slot
slot.stream.params ~ STRING ~ null ~ LOW ~ Postgres ~ 15 ~ LONG ~ Optional parameters to pass to the logical decoder when the stream is started.
database.initial.statements ~ STRING ~ null ~ LOW ~ Postgres ~ 16 ~ LONG ~ Initial statements
database.sslmode ~ STRING ~ prefer ~ MEDIUM ~ Postgres ~ 17 ~ MEDIUM ~ SSL mode
database.sslcert ~ STRING ~ null ~ MEDIUM ~ Postgres ~ 18 ~ LONG ~ SSL Client Certificate
database.sslpassword ~ PASSWORD ~ null ~ MEDIUM ~ Postgres ~ 19 ~ MEDIUM ~ SSL Client Key Password
database.sslrootcert ~ STRING ~ null ~ MEDIUM ~ Postgres ~ 20 ~ LONG ~ SSL Root Certificate
database.sslkey ~ STRING ~ null ~ MEDIUM ~ Postgres ~ 21 ~ LONG ~ SSL Client Key
slot.max.retries ~ INT ~ 6 ~ LOW ~ Postgres ~ 22 ~ NONE ~ Retry count
slot.retry.delay.ms ~ LONG ~ 10000 ~ LOW ~ Postgres ~ 23 ~ NONE ~ Retry delay
database.sslfactory ~ STRING ~ null ~ MEDIUM ~ Postgres ~ 24 ~ LONG ~ SSL Root Certificate
status.update.interval.ms ~ INT ~ 10000 ~ MEDIUM ~ Postgres ~ 25 ~ SHORT ~ Status update interval (ms)
lsn.flush.timeout.ms ~ LONG ~ 30000 ~ MEDIUM ~ Postgres ~ 26 ~ SHORT ~ LSN flush timeout (ms)
lsn.flush.timeout.action ~ STRING ~ fail ~ MEDIUM ~ Postgres ~ 27 ~ MEDIUM ~ LSN flush timeout action
database.tcpKeepAlive ~ BOOLEAN ~ true ~ MEDIUM ~ Postgres ~ 28 ~ SHORT ~ TCP keep-alive probe
xmin.fetch.interval.ms ~ LONG ~ 0 ~ MEDIUM ~ Postgres ~ 29 ~ SHORT ~ Xmin fetch interval (ms)
skipped.operations ~ LIST ~ t ~ LOW ~ Postgres ~ 30 ~ SHORT ~ Skipped Operations
lsn.flush.mode ~ STRING ~ null ~ LOW ~ Postgres ~ 31 ~ SHORT ~ LSN flush mode
flush.lsn.source ~ BOOLEAN ~ true ~ LOW ~ Postgres ~ 32 ~ SHORT ~ Boolean to determine if Debezium should flush LSN in the source database
event.processing.failure.handling.mode ~ STRING ~ fail ~ MEDIUM ~ Connector ~ 1 ~ SHORT ~ Event deserialization failure handling
max.batch.size ~ INT ~ 2048 ~ MEDIUM ~ Connector ~ 2 ~ SHORT ~ Change event batch size
max.queue.size ~ INT ~ 8192 ~ MEDIUM ~ Connector ~ 3 ~ SHORT ~ Change event buffer size
poll.interval.ms ~ LONG ~ 500 ~ MEDIUM ~ Connector ~ 4 ~ SHORT ~ Poll interval (ms)
max.queue.size.in.bytes ~ LONG ~ 0 ~ MEDIUM ~ Connector ~ 5 ~ LONG ~ Change event buffer size in bytes
provide.transaction.metadata ~ BOOLEAN ~ false ~ LOW ~ Connector ~ 6 ~ SHORT ~ Store transaction metadata information in a dedicated topic.
snapshot.delay.ms ~ LONG ~ 0 ~ LOW ~ Connector ~ 7 ~ MEDIUM ~ Snapshot Delay (milliseconds)
streaming.delay.ms ~ LONG ~ 0 ~ LOW ~ Connector ~ 8 ~ MEDIUM ~ Streaming Delay (milliseconds)
snapshot.include.collection.list ~ LIST ~ null ~ MEDIUM ~ Connector ~ 9 ~ LONG ~ Snapshot mode include data collection
snapshot.fetch.size ~ INT ~ null ~ MEDIUM ~ Connector ~ 10 ~ MEDIUM ~ Snapshot fetch size
snapshot.max.threads ~ INT ~ 1 ~ MEDIUM ~ Connector ~ 11 ~ SHORT ~ Snapshot maximum threads
snapshot.max.threads.multiplier ~ INT ~ 1 ~ MEDIUM ~ Connector ~ 12 ~ SHORT ~ Snapshot maximum thread multiplier
legacy.snapshot.max.threads ~ BOOLEAN ~ false ~ LOW ~ Connector ~ 13 ~ SHORT ~ Enforces using a single thread per table regardless of table size
internal.legacy.snapshot.max.threads ~ BOOLEAN ~ false ~ LOW ~ Connector ~ 13 ~ SHORT ~ Enforces using a single thread per table regardless of table size
snapshot.mode.custom.name ~ STRING ~ null ~ MEDIUM ~ Connector ~ 14 ~ MEDIUM ~ Snapshot Mode Custom Name
snapshot.mode.configuration.based.snapshot.data ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 15 ~ MEDIUM ~ Snapshot mode property based snapshot data
snapshot.mode.configuration.based.snapshot.schema ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 16 ~ MEDIUM ~ Snapshot mode property based snapshot schema
snapshot.mode.configuration.based.start.stream ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 17 ~ MEDIUM ~ Snapshot mode property based start stream
snapshot.mode.configuration.based.snapshot.on.schema.error ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 18 ~ MEDIUM ~ Snapshot mode property based snapshot on schema error
snapshot.mode.configuration.based.snapshot.on.data.error ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 19 ~ MEDIUM ~ Snapshot mode property based snapshot on data error
retriable.restart.connector.wait.ms ~ LONG ~ 10000 ~ LOW ~ Connector ~ 20 ~ MEDIUM ~ Retriable restart wait (ms)
query.fetch.size ~ INT ~ 0 ~ MEDIUM ~ Connector ~ 21 ~ MEDIUM ~ Query fetch size
errors.max.retries ~ INT ~ -1 ~ LOW ~ Connector ~ 22 ~ MEDIUM ~ The maximum number of retries
incremental.snapshot.watermarking.strategy ~ STRING ~ INSERT_INSERT ~ LOW ~ Connector ~ 23 ~ MEDIUM ~ Incremental snapshot watermarking strategy
internal.log.position.check.enable ~ BOOLEAN ~ true ~ MEDIUM ~ Connector ~ 24 ~ MEDIUM ~ Enable/Disable log position check
internal.advanced.metrics.enable ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 25 ~ MEDIUM ~ Enable/Disable advance metrics
connection.validation.timeout.ms ~ LONG ~ 60000 ~ LOW ~ Connector ~ 26 ~ SHORT ~ Connection validation timeout (ms)
executor.shutdown.timeout.ms ~ LONG ~ 4000 ~ MEDIUM ~ Connector ~ 27 ~ MEDIUM ~ Executor shutdown timeout (ms)
openlineage.integration.enabled ~ BOOLEAN ~ false ~ LOW ~ Connector ~ 28 ~ SHORT ~ Enables OpenLineage integration
openlineage.integration.config.file.path ~ STRING ~ ./openlineage.yml ~ LOW ~ Connector ~ 29 ~ LONG ~ Path to OpenLineage file configuration
openlineage.integration.job.namespace ~ STRING ~ null ~ LOW ~ Connector ~ 30 ~ LONG ~ Namespace used for Debezium job
openlineage.integration.job.description ~ STRING ~ Debezium change data capture job ~ LOW ~ Connector ~ 31 ~ LONG ~ Description used for Debezium job
openlineage.integration.job.tags ~ LIST ~ null ~ LOW ~ Connector ~ 32 ~ LONG ~ Debezium job tags
openlineage.integration.job.owners ~ LIST ~ null ~ LOW ~ Connector ~ 33 ~ LONG ~ Debezium job owners
openlineage.integration.dataset.kafka.bootstrap.servers ~ STRING ~ null ~ LOW ~ Connector ~ 34 ~ LONG ~ Kafka bootstrap server used in Kafka Connect deployment
extended.headers.enabled ~ BOOLEAN ~ true ~ LOW ~ Connector ~ 35 ~ SHORT ~ Enable/Disable extended headers
guardrail.collections.max ~ INT ~ 0 ~ MEDIUM ~ Connector ~ 36 ~ SHORT ~ Maximum number of collections or tables
guardrail.collections.limit.action ~ STRING ~ warn ~ MEDIUM ~ Connector ~ 37 ~ SHORT ~ Guardrail collections limit action
custom.sanitize.pattern ~ STRING ~ .*secret$|.*password$|.*sasl\.jaas\.config$|.*basic\.auth\.user\.info|.*registry\.auth\.client-secret|.*credentials\.json$|.*connectionstring$|.*connection\.string$ ~ LOW ~ Connector ~ 38 ~ LONG ~ Custom pattern for masking sensitive configuration
statistics.metrics.enabled ~ BOOLEAN ~ true ~ MEDIUM ~ Connector ~ 39 ~ SHORT ~ Enable collecting statistics metrics like latencies
decimal.handling.mode ~ STRING ~ precise ~ MEDIUM ~ Connector ~ 40 ~ SHORT ~ Decimal Handling
time.precision.mode ~ STRING ~ adaptive ~ MEDIUM ~ Connector ~ 41 ~ SHORT ~ Time Precision
snapshot.lock.timeout.ms ~ LONG ~ 10000 ~ MEDIUM ~ Connector ~ 42 ~ LONG ~ Snapshot lock timeout (ms)
memory.management.schemas.class ~ CLASS ~ io.debezium.relational.ConcurrentMapTableMappingStorage ~ LOW ~ Connector ~ 43 ~ LONG ~ Schema storage class
memory.management.tables.class ~ CLASS ~ io.debezium.relational.ConcurrentMapTableMappingStorage ~ LOW ~ Connector ~ 44 ~ LONG ~ Table storage class
snapshot.mode ~ STRING ~ initial ~ MEDIUM ~ Connector ~ 45 ~ SHORT ~ Snapshot mode
snapshot.isolation.mode ~ STRING ~ serializable ~ LOW ~ Connector ~ 46 ~ SHORT ~ Snapshot isolation mode
snapshot.query.mode ~ STRING ~ select_all ~ LOW ~ Connector ~ 47 ~ SHORT ~ Snapshot query mode
snapshot.query.mode.custom.name ~ STRING ~ null ~ MEDIUM ~ Connector ~ 48 ~ MEDIUM ~ Snapshot Query Mode Custom Name
snapshot.locking.mode.custom.name ~ STRING ~ null ~ MEDIUM ~ Connector ~ 49 ~ MEDIUM ~ Snapshot Locking Mode Custom Name
snapshot.locking.mode ~ STRING ~ none ~ LOW ~ Connector ~ 50 ~ SHORT ~ Snapshot locking mode
hstore.handling.mode ~ STRING ~ json ~ LOW ~ Connector ~ 51 ~ MEDIUM ~ HStore Handling
binary.handling.mode ~ STRING ~ bytes ~ LOW ~ Connector ~ 52 ~ MEDIUM ~ Binary Handling
schema.name.adjustment.mode ~ STRING ~ none ~ LOW ~ Connector ~ 53 ~ MEDIUM ~ Schema Name Adjustment
interval.handling.mode ~ STRING ~ numeric ~ LOW ~ Connector ~ 54 ~ MEDIUM ~ Interval Handling
schema.refresh.mode ~ STRING ~ columns_diff ~ MEDIUM ~ Connector ~ 55 ~ SHORT ~ Schema refresh mode
incremental.snapshot.chunk.size ~ INT ~ 1024 ~ MEDIUM ~ Connector ~ 56 ~ MEDIUM ~ Incremental snapshot chunk size
unavailable.value.placeholder ~ STRING ~ __debezium_unavailable_value ~ MEDIUM ~ Connector ~ 57 ~ MEDIUM ~ Unavailable value placeholder
message.prefix.include.list ~ LIST ~ null ~ MEDIUM ~ Connector ~ 58 ~ LONG ~ Include Logical Decoding Message Prefixes
message.prefix.exclude.list ~ LIST ~ null ~ MEDIUM ~ Connector ~ 59 ~ LONG ~ Exclude Logical Decoding Message Prefixes
publish.via.partition.root ~ BOOLEAN ~ false ~ MEDIUM ~ Connector ~ 60 ~ SHORT ~ Publish via partition root
converters ~ STRING ~ null ~ LOW ~ Events ~ 1 ~ MEDIUM ~ List of prefixes defining custom values converters.
post.processors ~ STRING ~ null ~ LOW ~ Events ~ 2 ~ MEDIUM ~ List of change event post processors.
tombstones.on.delete ~ BOOLEAN ~ true ~ MEDIUM ~ Events ~ 3 ~ SHORT ~ Change the behaviour of Debezium with regards to delete operations
heartbeat.interval.ms ~ INT ~ 0 ~ MEDIUM ~ Events ~ 4 ~ MEDIUM ~ Connector heartbeat interval (milli-seconds)
heartbeat.topics.prefix ~ STRING ~ __debezium-heartbeat ~ LOW ~ Events ~ 5 ~ MEDIUM ~ A prefix used for naming of heartbeat topics
signal.data.collection ~ LIST ~ null ~ MEDIUM ~ Events ~ 6 ~ MEDIUM ~ Signaling data collection
signal.poll.interval.ms ~ LONG ~ 5000 ~ MEDIUM ~ Events ~ 7 ~ SHORT ~ Signal processor poll interval
signal.enabled.channels ~ LIST ~ source ~ MEDIUM ~ Events ~ 8 ~ LONG ~ Enabled channels names
topic.naming.strategy ~ CLASS ~ io.debezium.schema.SchemaTopicNamingStrategy ~ MEDIUM ~ Events ~ 9 ~ MEDIUM ~ Topic naming strategy class
notification.enabled.channels ~ LIST ~ null ~ MEDIUM ~ Events ~ 10 ~ LONG ~ Enabled notification channels names
notification.sink.topic.name ~ STRING ~ null ~ HIGH ~ Events ~ 11 ~ LONG ~ Notification topic name
transaction.metadata.factory ~ CLASS ~ io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory ~ LOW ~ Events ~ 12 ~ MEDIUM ~ Factory class to create transaction context & transaction struct maker classes
custom.metric.tags ~ LIST ~ null ~ LOW ~ Events ~ 13 ~ MEDIUM ~ Customize metric tags
column.include.list ~ LIST ~ null ~ MEDIUM ~ Events ~ 14 ~ LONG ~ Include Columns
column.exclude.list ~ LIST ~ null ~ MEDIUM ~ Events ~ 15 ~ LONG ~ Exclude Columns
table.include.list ~ LIST ~ null ~ HIGH ~ Events ~ 16 ~ LONG ~ Include Tables
table.exclude.list ~ LIST ~ null ~ MEDIUM ~ Events ~ 17 ~ LONG ~ Exclude Tables
table.ignore.builtin ~ BOOLEAN ~ true ~ LOW ~ Events ~ 18 ~ SHORT ~ Ignore system databases
schema.include.list ~ LIST ~ null ~ HIGH ~ Events ~ 19 ~ LONG ~ Include Schemas ~ table.include.list
schema.exclude.list ~ LIST ~ null ~ MEDIUM ~ Events ~ 20 ~ LONG ~ Exclude Schemas
message.key.columns ~ STRING ~ null ~ MEDIUM ~ Events ~ 21 ~ LONG ~ Columns PK mapping
snapshot.select.statement.overrides ~ STRING ~ null ~ MEDIUM ~ Events ~ 22 ~ LONG ~ List of tables where the default select statement used during snapshotting should be overridden.
column.mask.hash.([^.]+).with.salt.(.+) ~ STRING ~ null ~ MEDIUM ~ Events ~ 23 ~ LONG ~ Mask Columns Using Hash and Salt
column.mask.with.(d+).chars ~ STRING ~ null ~ MEDIUM ~ Events ~ 24 ~ NONE ~ Mask Columns With n Asterisks
column.truncate.to.(d+).chars ~ INT ~ null ~ MEDIUM ~ Events ~ 25 ~ NONE ~ Truncate Columns To n Characters
include.schema.comments ~ BOOLEAN ~ false ~ MEDIUM ~ Events ~ 26 ~ SHORT ~ Include Table and Column Comments
column.propagate.source.type ~ LIST ~ null ~ MEDIUM ~ Events ~ 27 ~ NONE ~ Propagate Source Types by Columns
datatype.propagate.source.type ~ LIST ~ null ~ MEDIUM ~ Events ~ 28 ~ NONE ~ Propagate Source Types by Data Type
internal.snapshot.scan.all.columns.force ~ BOOLEAN ~ false ~ LOW ~ Events ~ 29 ~ SHORT ~ Snapshot force scan all columns of all tables
snapshot.tables.order.by.row.count ~ STRING ~ disabled ~ MEDIUM ~ Events ~ 30 ~ NONE ~ Initial snapshot tables order by row count
heartbeat.action.query ~ STRING ~ null ~ LOW ~ Events ~ 31 ~ MEDIUM ~ An optional query to execute with every heartbeat
include.unknown.datatypes ~ BOOLEAN ~ false ~ MEDIUM ~ Events ~ 32 ~ SHORT ~ Include unknown datatypes
sourceinfo.struct.maker ~ CLASS ~ io.debezium.connector.postgresql.PostgresSourceInfoStructMaker ~ LOW ~ Events ~ 33 ~ MEDIUM ~ Source info struct maker class
`
  .trim()
  .split('\n')
  .map((line) => line.split(' ~ '))
