import type { ClientKind } from '../../kafka/index.ts'

/**
 * The settings of Kafka's Java clients 4.3.1, as recorded from AbstractHerder.convertConfigKey: name, type,
 * importance and default. Internal settings are left out.
 */
const alike = `
client.dns.lookup STRING MEDIUM "use_all_dns_ips"
config.providers LIST LOW ""
metadata.max.age.ms LONG LOW "300000"
metadata.recovery.rebootstrap.trigger.ms LONG LOW "300000"
metadata.recovery.strategy STRING LOW "rebootstrap"
metric.reporters LIST LOW "org.apache.kafka.common.metrics.JmxReporter"
metrics.num.samples INT LOW "2"
metrics.recording.level STRING LOW "INFO"
metrics.sample.window.ms LONG LOW "30000"
reconnect.backoff.max.ms LONG LOW "1000"
reconnect.backoff.ms LONG LOW "50"
request.timeout.ms INT MEDIUM "30000"
retry.backoff.max.ms LONG LOW "1000"
retry.backoff.ms LONG LOW "100"
sasl.client.callback.handler.class CLASS MEDIUM null
sasl.jaas.config PASSWORD MEDIUM null
sasl.kerberos.kinit.cmd STRING LOW "/usr/bin/kinit"
sasl.kerberos.min.time.before.relogin LONG LOW "60000"
sasl.kerberos.service.name STRING MEDIUM null
sasl.kerberos.ticket.renew.jitter DOUBLE LOW "0.05"
sasl.kerberos.ticket.renew.window.factor DOUBLE LOW "0.8"
sasl.login.callback.handler.class CLASS MEDIUM null
sasl.login.class CLASS MEDIUM null
sasl.login.connect.timeout.ms INT LOW null
sasl.login.read.timeout.ms INT LOW null
sasl.login.refresh.buffer.seconds SHORT LOW "300"
sasl.login.refresh.min.period.seconds SHORT LOW "60"
sasl.login.refresh.window.factor DOUBLE LOW "0.8"
sasl.login.refresh.window.jitter DOUBLE LOW "0.05"
sasl.login.retry.backoff.max.ms LONG LOW "10000"
sasl.login.retry.backoff.ms LONG LOW "100"
sasl.mechanism STRING MEDIUM "GSSAPI"
sasl.oauthbearer.assertion.algorithm STRING MEDIUM "RS256"
sasl.oauthbearer.assertion.claim.aud STRING MEDIUM null
sasl.oauthbearer.assertion.claim.exp.seconds INT LOW "300"
sasl.oauthbearer.assertion.claim.iss STRING MEDIUM null
sasl.oauthbearer.assertion.claim.jti.include BOOLEAN MEDIUM "false"
sasl.oauthbearer.assertion.claim.nbf.seconds INT LOW "60"
sasl.oauthbearer.assertion.claim.sub STRING MEDIUM null
sasl.oauthbearer.assertion.file STRING MEDIUM null
sasl.oauthbearer.assertion.private.key.file STRING MEDIUM null
sasl.oauthbearer.assertion.private.key.passphrase PASSWORD MEDIUM null
sasl.oauthbearer.assertion.template.file STRING MEDIUM null
sasl.oauthbearer.client.credentials.client.id STRING MEDIUM null
sasl.oauthbearer.client.credentials.client.secret PASSWORD MEDIUM null
sasl.oauthbearer.clock.skew.seconds INT LOW "30"
sasl.oauthbearer.expected.audience LIST HIGH ""
sasl.oauthbearer.expected.issuer STRING HIGH null
sasl.oauthbearer.header.urlencode BOOLEAN LOW "false"
sasl.oauthbearer.jwks.endpoint.refresh.ms LONG LOW "3600000"
sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms LONG LOW "10000"
sasl.oauthbearer.jwks.endpoint.retry.backoff.ms LONG LOW "100"
sasl.oauthbearer.jwks.endpoint.url STRING MEDIUM null
sasl.oauthbearer.jwt.retriever.class CLASS MEDIUM "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever"
sasl.oauthbearer.jwt.validator.class CLASS MEDIUM "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator"
sasl.oauthbearer.scope STRING MEDIUM null
sasl.oauthbearer.scope.claim.name STRING LOW "scope"
sasl.oauthbearer.sub.claim.name STRING LOW "sub"
sasl.oauthbearer.token.endpoint.url STRING MEDIUM null
security.protocol STRING MEDIUM "PLAINTEXT"
security.providers STRING LOW null
send.buffer.bytes INT MEDIUM "131072"
socket.connection.setup.timeout.max.ms LONG MEDIUM "30000"
socket.connection.setup.timeout.ms LONG MEDIUM "10000"
ssl.cipher.suites LIST LOW ""
ssl.enabled.protocols LIST MEDIUM "TLSv1.2,TLSv1.3"
ssl.endpoint.identification.algorithm STRING LOW "https"
ssl.engine.factory.class CLASS LOW null
ssl.key.password PASSWORD HIGH null
ssl.keymanager.algorithm STRING LOW "SunX509"
ssl.keystore.certificate.chain PASSWORD HIGH null
ssl.keystore.key PASSWORD HIGH null
ssl.keystore.location STRING HIGH null
ssl.keystore.password PASSWORD HIGH null
ssl.keystore.type STRING MEDIUM "JKS"
ssl.protocol STRING MEDIUM "TLSv1.3"
ssl.provider STRING MEDIUM null
ssl.secure.random.implementation STRING LOW null
ssl.trustmanager.algorithm STRING LOW "PKIX"
ssl.truststore.certificates PASSWORD HIGH null
ssl.truststore.location STRING HIGH null
ssl.truststore.password PASSWORD HIGH null
ssl.truststore.type STRING MEDIUM "JKS"
`

const producer = `
acks STRING LOW "all"
batch.size INT MEDIUM "16384"
bootstrap.servers LIST HIGH required
buffer.memory LONG HIGH "33554432"
client.id STRING MEDIUM ""
compression.gzip.level INT MEDIUM "-1"
compression.lz4.level INT MEDIUM "9"
compression.type STRING HIGH "none"
compression.zstd.level INT MEDIUM "3"
connections.max.idle.ms LONG MEDIUM "540000"
delivery.timeout.ms INT MEDIUM "120000"
enable.idempotence BOOLEAN LOW "true"
enable.metrics.push BOOLEAN LOW "true"
interceptor.classes LIST LOW ""
key.serializer CLASS HIGH required
linger.ms LONG MEDIUM "5"
max.block.ms LONG MEDIUM "60000"
max.in.flight.requests.per.connection INT LOW "5"
max.request.size INT MEDIUM "1048576"
metadata.max.idle.ms LONG LOW "300000"
partitioner.adaptive.partitioning.enable BOOLEAN LOW "true"
partitioner.availability.timeout.ms LONG LOW "0"
partitioner.class CLASS MEDIUM null
partitioner.ignore.keys BOOLEAN MEDIUM "false"
receive.buffer.bytes INT MEDIUM "32768"
retries INT HIGH "2147483647"
transaction.timeout.ms INT LOW "60000"
transaction.two.phase.commit.enable BOOLEAN LOW "false"
transactional.id STRING LOW null
value.serializer CLASS HIGH required
`

const consumer = `
allow.auto.create.topics BOOLEAN MEDIUM "true"
auto.commit.interval.ms INT LOW "5000"
auto.offset.reset STRING MEDIUM "latest"
bootstrap.servers LIST HIGH required
check.crcs BOOLEAN LOW "true"
client.id STRING LOW ""
client.rack STRING LOW ""
connections.max.idle.ms LONG MEDIUM "540000"
default.api.timeout.ms INT MEDIUM "60000"
enable.auto.commit BOOLEAN MEDIUM "true"
enable.metrics.push BOOLEAN LOW "true"
exclude.internal.topics BOOLEAN MEDIUM "true"
fetch.max.bytes INT MEDIUM "52428800"
fetch.max.wait.ms INT LOW "500"
fetch.min.bytes INT HIGH "1"
group.id STRING HIGH null
group.instance.id STRING MEDIUM null
group.protocol STRING HIGH "classic"
group.remote.assignor STRING MEDIUM null
heartbeat.interval.ms INT HIGH "3000"
interceptor.classes LIST LOW ""
isolation.level STRING MEDIUM "read_uncommitted"
key.deserializer CLASS HIGH required
max.partition.fetch.bytes INT HIGH "1048576"
max.poll.interval.ms INT MEDIUM "300000"
max.poll.records INT MEDIUM "500"
partition.assignment.strategy LIST MEDIUM "class org.apache.kafka.clients.consumer.RangeAssignor,class org.apache.kafka.clients.consumer.CooperativeStickyAssignor"
receive.buffer.bytes INT MEDIUM "65536"
session.timeout.ms INT HIGH "45000"
share.acknowledgement.mode STRING MEDIUM "implicit"
share.acquire.mode STRING MEDIUM "BATCH_OPTIMIZED"
value.deserializer CLASS HIGH required
`

const admin = `
bootstrap.controllers LIST HIGH ""
bootstrap.servers LIST HIGH ""
client.id STRING MEDIUM ""
connections.max.idle.ms LONG MEDIUM "300000"
default.api.timeout.ms INT MEDIUM "60000"
enable.metrics.push BOOLEAN LOW "false"
receive.buffer.bytes INT MEDIUM "65536"
retries INT LOW "2147483647"
`

export interface RecordedSetting {
  readonly name: string
  readonly type: string
  readonly importance: string
  /** Undefined for a required setting. */
  readonly value: string | null | undefined
}

const rows = (text: string): RecordedSetting[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [, name = '', type = '', importance = '', value = ''] =
        /^(\S+) (\S+) (\S+) (.+)$/.exec(line) ?? []
      return { name, type, importance, value: parsedDefault(value) }
    })

const parsedDefault = (text: string): string | null | undefined =>
  text === 'required' ? undefined : (JSON.parse(text) as string | null)

export const recordedSettings: Readonly<Record<ClientKind, readonly RecordedSetting[]>> = {
  producer: [...rows(alike), ...rows(producer)],
  consumer: [...rows(alike), ...rows(consumer)],
  admin: [...rows(alike), ...rows(admin)],
}
