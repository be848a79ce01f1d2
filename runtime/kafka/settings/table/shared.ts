import { between, oneOf } from '../../../../api/index.ts'
import { defineClientTable, inapplicable, unsupported } from './client-setting.ts'

/** Settings of all clients. Source: CommonClientConfigs. */
export const sharedTable = defineClientTable({
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    doc: 'Brokers to contact first, as host:port, separated by commas.',
  },
  'client.id': {
    type: 'string',
    default: '',
    importance: 'medium',
    doc: 'Name shown in the logs of brokers.',
  },
  'request.timeout.ms': {
    type: 'int',
    default: 30_000,
    validate: between(0),
    importance: 'medium',
    doc: 'Longest wait for the answer to one request, in milliseconds.',
  },
  'retry.backoff.ms': {
    type: 'long',
    default: 100,
    validate: between(0),
    importance: 'low',
    doc: 'First wait before a failed request is tried again, in milliseconds.',
    note: 'It doubles each time.',
  },
  'retry.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Longest wait before a failed request is tried again, in milliseconds.',
  },
  'reconnect.backoff.ms': {
    type: 'long',
    default: 50,
    validate: between(0),
    importance: 'low',
    doc: 'First wait before a broker is connected to again, in milliseconds.',
    note: 'It doubles each time.',
  },
  'reconnect.backoff.max.ms': {
    type: 'long',
    default: 1000,
    validate: between(0),
    importance: 'low',
    doc: 'Longest wait before a broker is connected to again, in milliseconds.',
  },
  'socket.connection.setup.timeout.ms': {
    type: 'long',
    default: 10_000,
    validate: between(0),
    importance: 'medium',
    doc: 'First wait for a connection to open, in milliseconds.',
    note: 'All waits are the same.',
  },
  'metadata.max.age.ms': {
    type: 'long',
    default: 300_000,
    validate: between(0),
    importance: 'low',
    doc: 'Time after which topics and leaders are asked for again without need, in milliseconds.',
  },
  'security.protocol': {
    type: 'string',
    default: 'PLAINTEXT',
    validate: oneOf('PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'),
    importance: 'medium',
    doc: 'How brokers are talked to: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL.',
  },
  'socket.connection.setup.timeout.max.ms': unsupported(
    'long',
    30_000,
    'medium',
    'Longest wait for a connection to open, after it has grown, in milliseconds.',
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
    'Size of the send buffer of sockets; -1 for that of the system.',
  ),
  'receive.buffer.bytes': unsupported(
    'int',
    65_536,
    'medium',
    'Size of the receive buffer of sockets; -1 for that of the system.',
  ),
  'metadata.recovery.strategy': unsupported(
    'string',
    'rebootstrap',
    'low',
    'What to do when no known broker answers: rebootstrap or none.',
  ),
  'metadata.recovery.rebootstrap.trigger.ms': unsupported(
    'long',
    300_000,
    'low',
    'Time without metadata after which the first brokers are asked again, in milliseconds.',
  ),
  'enable.metrics.push': unsupported(
    'boolean',
    true,
    'low',
    'Whether metrics are sent to brokers that ask for them.',
  ),
  'config.providers': unsupported('list', [], 'low', 'Names of config providers that settings may refer to.'),
  'client.dns.lookup': inapplicable(
    'string',
    'use_all_dns_ips',
    'medium',
    'How addresses of brokers are looked up: use_all_dns_ips or resolve_canonical_bootstrap_servers_only.',
  ),
  'metric.reporters': inapplicable(
    'list',
    ['org.apache.kafka.common.metrics.JmxReporter'],
    'low',
    'Classes that report metrics.',
  ),
  'metrics.sample.window.ms': inapplicable(
    'long',
    30_000,
    'low',
    'Time that one sample of a metric covers, in milliseconds.',
  ),
  'metrics.num.samples': inapplicable('int', 2, 'low', 'Samples that a metric is computed from.'),
  'metrics.recording.level': inapplicable(
    'string',
    'INFO',
    'low',
    'Which metrics are recorded: INFO, DEBUG or TRACE.',
  ),
})

/** Settings that two of the clients have. */
export const partlySharedTable = defineClientTable({
  'interceptor.classes': unsupported('list', [], 'low', 'Classes that see records on their way.'),
  'default.api.timeout.ms': unsupported(
    'int',
    60_000,
    'medium',
    'Longest wait of a call that has no timeout of its own, in milliseconds.',
  ),
})
