import { between, oneOf } from '../../../../api/index.ts'
import { defineClientTable, inapplicable, unsupported } from './client-setting.ts'

/** Settings of all clients. Source: CommonClientConfigs. */
export const sharedTable = defineClientTable({
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    doc: 'Brokers for the initial connection, as host:port, separated by commas.',
  },
  'client.id': {
    type: 'string',
    default: '',
    importance: 'medium',
    doc: 'Client ID, shown in broker logs.',
  },
  'request.timeout.ms': {
    type: 'int',
    default: 30_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Maximum time to wait for the response to a request, in milliseconds.',
  },
  'retry.backoff.ms': {
    type: 'long',
    default: 100,
    validate: between(0),
    importance: 'low',
    doc: 'Initial backoff before a failed request is retried, in milliseconds.',
    note: 'It doubles with each attempt.',
  },
  'retry.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Maximum backoff before a failed request is retried, in milliseconds.',
  },
  'reconnect.backoff.ms': {
    type: 'long',
    default: 50,
    validate: between(0),
    importance: 'low',
    doc: 'Initial backoff before reconnecting to a broker, in milliseconds.',
    note: 'It doubles with each attempt.',
  },
  'reconnect.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Maximum backoff before reconnecting to a broker, in milliseconds.',
  },
  'socket.connection.setup.timeout.ms': {
    type: 'long',
    default: 10_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Initial timeout to establish a connection, in milliseconds.',
    note: 'All attempts have the same timeout.',
  },
  'metadata.max.age.ms': {
    type: 'long',
    default: 300_000,
    validate: between(0),
    importance: 'low',
    doc: 'Maximum age of metadata before it is refreshed, in milliseconds.',
  },
  'security.protocol': {
    type: 'string',
    default: 'PLAINTEXT',
    validate: oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
    importance: 'medium',
    doc: 'Protocol to communicate with brokers: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.',
  },
  'socket.connection.setup.timeout.max.ms': unsupported(
    'long',
    30_000,
    'medium',
    'Maximum timeout to establish a connection after increases, in milliseconds.',
  ),
  'connections.max.idle.ms': unsupported(
    'long',
    540_000,
    'medium',
    'Time after which an idle connection is closed, in milliseconds.',
  ),
  'send.buffer.bytes': unsupported(
    'int',
    131_072,
    'medium',
    'Size of the TCP send buffer, in bytes; -1 uses the default of the operating system.',
  ),
  'receive.buffer.bytes': unsupported(
    'int',
    65_536,
    'medium',
    'Size of the TCP receive buffer, in bytes; -1 uses the default of the operating system.',
  ),
  'metadata.recovery.strategy': unsupported(
    'string',
    'rebootstrap',
    'low',
    'Strategy if no known broker responds: rebootstrap or none.',
  ),
  'metadata.recovery.rebootstrap.trigger.ms': unsupported(
    'long',
    300_000,
    'low',
    'Time without metadata after which the client returns to bootstrap.servers, in milliseconds.',
  ),
  'enable.metrics.push': unsupported(
    'boolean',
    true,
    'low',
    'Whether to send client metrics to brokers that subscribe to them.',
  ),
  'config.providers': unsupported(
    'list',
    [],
    'low',
    'Names of the config providers that settings can refer to.',
  ),
  'client.dns.lookup': inapplicable(
    'string',
    'use_all_dns_ips',
    'medium',
    'How to use DNS for broker addresses: use_all_dns_ips or resolve_canonical_bootstrap_servers_only.',
  ),
  'metric.reporters': inapplicable(
    'list',
    ['org.apache.kafka.common.metrics.JmxReporter'],
    'low',
    'Metrics reporter classes.',
  ),
  'metrics.sample.window.ms': inapplicable(
    'long',
    30_000,
    'low',
    'Time window of a metrics sample, in milliseconds.',
  ),
  'metrics.num.samples': inapplicable('int', 2, 'low', 'Number of samples to compute metrics.'),
  'metrics.recording.level': inapplicable(
    'string',
    'INFO',
    'low',
    'Recording level of metrics: INFO, DEBUG or TRACE.',
  ),
})

/** Settings that two of the clients have. */
export const partlySharedTable = defineClientTable({
  'interceptor.classes': unsupported('list', [], 'low', 'Interceptor classes.'),
  'default.api.timeout.ms': unsupported(
    'int',
    60_000,
    'medium',
    'Default timeout of calls without their own timeout, in milliseconds.',
  ),
})
