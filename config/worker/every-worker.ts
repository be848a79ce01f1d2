import {
  between,
  defineConfig,
  nonEmpty,
  nonEmptyList,
  oneOf,
  oneOfIgnoringCase,
  rule,
} from '../../api/index.ts'
import { optional } from './rules.ts'

const byteSize = rule(
  'a number of bytes, optionally with the suffix k, m or g (KiB, MiB, GiB)',
  (value) => (/^\d+[kmg]?$/i.test(String(value)) ? undefined : 'expected bytes, such as 536870912 or 512m'),
  { pattern: '^\\s*\\d+[kKmMgG]?\\s*$' },
)

const policies = '(All|None|Principal|Allowlist)(ConnectorClientConfigOverridePolicy)?'
const policyPattern = `^\\s*(org\\.apache\\.kafka\\.connect\\.connector\\.policy\\.)?${policies}\\s*$`

const overridePolicyName = rule('All, None, Principal or Allowlist', (value) =>
  new RegExp(policyPattern).test(String(value)) ? undefined : 'expected All, None, Principal or Allowlist',
)

/** Settings of all workers. Source: WorkerConfig. */
export const commonWorkerConfig = defineConfig({
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    validate: nonEmptyList,
    doc: 'Brokers for the initial connection, as host:port, separated by commas.',
  },
  'key.converter': {
    type: 'class',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Default key converter for connectors that do not set one.',
  },
  'value.converter': {
    type: 'class',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Default value converter for connectors that do not set one.',
  },
  'header.converter': {
    type: 'class',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'low',
    doc: 'Default header converter for connectors that do not set one.',
  },
  'task.shutdown.graceful.timeout.ms': {
    type: 'long',
    default: 5000,
    importance: 'low',
    doc: 'Time for all tasks together to stop gracefully, in milliseconds.',
  },
  'offset.flush.interval.ms': {
    type: 'long',
    default: 60_000,
    importance: 'low',
    doc: 'Interval between offset commits, in milliseconds; a value of 0 or less means 100 ms.',
  },
  'offset.flush.timeout.ms': {
    type: 'long',
    default: 5000,
    importance: 'low',
    doc: 'Maximum time for an offset commit before it is postponed, in milliseconds.',
  },
  'plugin.path': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'Directories with plugin packages, separated by commas: each is a package or contains packages.',
  },
  'plugin.discovery': {
    type: 'string',
    default: 'hybrid_warn',
    validate: oneOfIgnoringCase('only_scan', 'hybrid_warn', 'hybrid_fail', 'service_load'),
    importance: 'low',
    doc: 'Accepted for compatibility; plugins are always discovered through their manifests.',
  },
  'config.providers': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Names of the config providers; config.providers.<name>.class sets the class of each.',
  },
  'connector.client.config.override.policy': {
    type: 'string',
    default: 'All',
    validate: overridePolicyName,
    importance: 'medium',
    doc: 'Policy for the client settings that connectors may override: All, None, Principal or Allowlist.',
  },
  'connector.client.config.override.allowlist': {
    type: 'list',
    default: [],
    importance: 'medium',
    doc: 'Client settings that connectors may override under the Allowlist policy, separated by commas.',
  },
  'topic.creation.enable': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether the topic.creation.* settings of source connectors take effect.',
  },
  'topic.tracking.enable': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether to track the topics that each connector uses.',
  },
  'topic.tracking.allow.reset': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether the tracked topics of a connector can be reset.',
  },
  'metrics.sample.window.ms': {
    type: 'long',
    default: 30_000,
    validate: between(0),
    importance: 'low',
    doc: 'Accepted for compatibility; metrics are counters, from which monitoring systems compute rates.',
  },
  'metrics.num.samples': {
    type: 'int',
    default: 2,
    validate: between(1),
    importance: 'low',
    doc: 'Accepted for compatibility; see metrics.sample.window.ms.',
  },
  'metrics.recording.level': {
    type: 'string',
    default: 'INFO',
    validate: oneOf('INFO', 'DEBUG'),
    importance: 'low',
    doc: 'Accepted for compatibility; all metrics are always recorded.',
  },
  'metric.reporters': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Accepted for compatibility; metrics reporters are Java classes.',
  },
})

/** Settings of task processes and logs, which Kafka Connect does not have. */
export const headraceWorkerConfig = defineConfig({
  'task.processes': {
    type: 'int',
    default: null,
    validate: optional(between(1)),
    importance: 'medium',
    doc: 'Number of processes that tasks share; the number of CPU cores by default. Processes start on demand.',
    extension: true,
  },
  'task.process.memory.max': {
    type: 'string',
    default: '1g',
    validate: byteSize,
    importance: 'medium',
    doc: 'Heap and resident memory limit above which a task process is killed: bytes, optionally with the suffix k, m or g.',
    extension: true,
  },
  'task.process.stall.timeout.ms': {
    type: 'long',
    default: 5000,
    validate: between(100),
    importance: 'medium',
    doc: 'Time without a response after which a task process is killed, in milliseconds.',
    extension: true,
  },
  'log.level': {
    type: 'string',
    default: 'info',
    validate: oneOfIgnoringCase('trace', 'debug', 'info', 'warn', 'error', 'off'),
    importance: 'low',
    doc: 'Minimum level to log; change it per logger at run time through /admin/loggers.',
    extension: true,
  },
  'log.format': {
    type: 'string',
    default: 'auto',
    validate: oneOf('auto', 'json', 'pretty'),
    importance: 'low',
    doc: 'json writes one JSON object per line, pretty writes readable text; auto is pretty on a terminal and json elsewhere.',
    extension: true,
  },
})
