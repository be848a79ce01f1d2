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
  'a number of bytes, with k, m or g behind it for KiB, MiB or GiB',
  (value) => (/^\d+[kmg]?$/i.test(String(value)) ? undefined : 'expected bytes, such as 536870912 or 512m'),
  { pattern: '^\\s*\\d+[kKmMgG]?\\s*$' },
)

const policies = '(All|None|Principal|Allowlist)(ConnectorClientConfigOverridePolicy)?'
const policyPattern = `^\\s*(org\\.apache\\.kafka\\.connect\\.connector\\.policy\\.)?${policies}\\s*$`

const overridePolicyName = rule('All, None, Principal or Allowlist', (value) =>
  new RegExp(policyPattern).test(String(value)) ? undefined : 'expected All, None, Principal or Allowlist',
)

/** Settings of every worker. Source: WorkerConfig. */
export const commonWorkerConfig = defineConfig({
  'bootstrap.servers': {
    type: 'list',
    importance: 'high',
    validate: nonEmptyList,
    doc: 'Brokers to contact first, as host:port, separated by commas.',
  },
  'key.converter': {
    type: 'class',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Converter of keys, for connectors that name none of their own.',
  },
  'value.converter': {
    type: 'class',
    validate: nonEmpty,
    importance: 'high',
    doc: 'Converter of values, for connectors that name none of their own.',
  },
  'header.converter': {
    type: 'class',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'low',
    doc: 'Converter of header values, for connectors that name none of their own.',
  },
  'task.shutdown.graceful.timeout.ms': {
    type: 'long',
    default: 5000,
    importance: 'low',
    doc: 'How long all tasks together may take to stop by themselves, in milliseconds.',
  },
  'offset.flush.interval.ms': {
    type: 'long',
    default: 60_000,
    importance: 'low',
    doc: 'Time between two commits of offsets, in milliseconds; 100 ms for a value of 0 or less.',
  },
  'offset.flush.timeout.ms': {
    type: 'long',
    default: 5000,
    importance: 'low',
    doc: 'Longest time that a commit of offsets may take before it is put off, in milliseconds.',
  },
  'plugin.path': {
    type: 'list',
    default: null,
    importance: 'low',
    doc: 'Folders with plugin packages, separated by commas: each a package, or a folder of packages.',
  },
  'plugin.discovery': {
    type: 'string',
    default: 'hybrid_warn',
    validate: oneOfIgnoringCase('only_scan', 'hybrid_warn', 'hybrid_fail', 'service_load'),
    importance: 'low',
    doc: 'Taken for compatibility: plugins are always found by their manifests.',
  },
  'config.providers': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Names of config providers; config.providers.<name>.class says what each is.',
  },
  'connector.client.config.override.policy': {
    type: 'string',
    default: 'All',
    validate: overridePolicyName,
    importance: 'medium',
    doc: 'Which client settings connectors may override: All, None, Principal or Allowlist.',
  },
  'connector.client.config.override.allowlist': {
    type: 'list',
    default: [],
    importance: 'medium',
    doc: 'Client settings that connectors may override where the policy is Allowlist, separated by commas.',
  },
  'topic.creation.enable': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether topic.creation.* settings of source connectors are followed.',
  },
  'topic.tracking.enable': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether the topics that a connector uses are noted.',
  },
  'topic.tracking.allow.reset': {
    type: 'boolean',
    default: true,
    importance: 'low',
    doc: 'Whether the noted topics of a connector may be reset.',
  },
  'metrics.sample.window.ms': {
    type: 'long',
    default: 30_000,
    validate: between(0),
    importance: 'low',
    doc: 'Taken for compatibility: metrics are counters, and who reads them makes rates.',
  },
  'metrics.num.samples': {
    type: 'int',
    default: 2,
    validate: between(1),
    importance: 'low',
    doc: 'Taken for compatibility, as metrics.sample.window.ms.',
  },
  'metrics.recording.level': {
    type: 'string',
    default: 'INFO',
    validate: oneOf('INFO', 'DEBUG'),
    importance: 'low',
    doc: 'Taken for compatibility: all metrics are always recorded.',
  },
  'metric.reporters': {
    type: 'list',
    default: [],
    importance: 'low',
    doc: 'Taken for compatibility: reporters are Java classes.',
  },
})

/** Settings that Kafka Connect does not have: task processes and logs. */
export const headraceWorkerConfig = defineConfig({
  'task.processes': {
    type: 'int',
    default: null,
    validate: optional(between(1)),
    importance: 'medium',
    doc: 'Processes that tasks share; by default as many as there are processor cores. Each is started when needed.',
    extension: true,
  },
  'task.process.memory.max': {
    type: 'string',
    default: '1g',
    validate: byteSize,
    importance: 'medium',
    doc: 'Memory, heap and resident, at which a task process is killed: bytes, or with k, m or g behind.',
    extension: true,
  },
  'task.process.stall.timeout.ms': {
    type: 'long',
    default: 5000,
    validate: between(100),
    importance: 'medium',
    doc: 'Time without an answer after which a task process is killed, in milliseconds.',
    extension: true,
  },
  'log.level': {
    type: 'string',
    default: 'info',
    validate: oneOfIgnoringCase('trace', 'debug', 'info', 'warn', 'error', 'off'),
    importance: 'low',
    doc: 'Least severe level that is logged; can be changed per logger at run time under /admin/loggers.',
    extension: true,
  },
  'log.format': {
    type: 'string',
    default: 'auto',
    validate: oneOf('auto', 'json', 'pretty'),
    importance: 'low',
    doc: 'json for a line of JSON each, pretty for people; auto is pretty on a terminal.',
    extension: true,
  },
})
