import { defineConfig } from '../../../../api/index.ts'
import { list, text } from '../../../shared/setting-rules.ts'
import { bool, checkedBool, mode, nonNegativeInt } from './rules.ts'

/** OpenLineage, headers and limits: the second part of the group Connector. */
export const lineageSettings = defineConfig({
  'openlineage.integration.enabled': {
    ...bool,
    default: false,
    importance: 'low',
    width: 'short',
    displayName: 'Enables OpenLineage integration',
    doc: 'Whether to send lineage events to OpenLineage. Not supported.',
  },
  'openlineage.integration.config.file.path': {
    ...text,
    default: './openlineage.yml',
    importance: 'low',
    width: 'long',
    displayName: 'Path to OpenLineage file configuration',
    doc: 'Configuration file of OpenLineage. Without effect.',
  },
  'openlineage.integration.job.namespace': {
    ...text,
    default: null,
    importance: 'low',
    width: 'long',
    displayName: 'Namespace used for Debezium job',
    doc: 'Namespace of the OpenLineage job. Without effect.',
  },
  'openlineage.integration.job.description': {
    ...text,
    default: 'Debezium change data capture job',
    importance: 'low',
    width: 'long',
    displayName: 'Description used for Debezium job',
    doc: 'Description of the OpenLineage job. Without effect.',
  },
  'openlineage.integration.job.tags': {
    ...list,
    default: null,
    importance: 'low',
    width: 'long',
    displayName: 'Debezium job tags',
    doc: 'Tags of the OpenLineage job. Without effect.',
  },
  'openlineage.integration.job.owners': {
    ...list,
    default: null,
    importance: 'low',
    width: 'long',
    displayName: 'Debezium job owners',
    doc: 'Owners of the OpenLineage job. Without effect.',
  },
  'openlineage.integration.dataset.kafka.bootstrap.servers': {
    ...text,
    default: null,
    importance: 'low',
    width: 'long',
    displayName: 'Kafka bootstrap server used in Kafka Connect deployment',
    doc: 'Kafka brokers of the OpenLineage data sets. Without effect.',
  },
  'extended.headers.enabled': {
    ...checkedBool,
    default: true,
    importance: 'low',
    width: 'short',
    displayName: 'Enable/Disable extended headers',
    doc: 'Whether to add the headers __debezium.context.* to all records of changes.',
  },
  'guardrail.collections.max': {
    ...nonNegativeInt,
    default: 0,
    importance: 'medium',
    width: 'short',
    displayName: 'Maximum number of collections or tables',
    doc: 'Largest number of captured tables; 0 for no limit.',
  },
  'guardrail.collections.limit.action': {
    ...mode('warn', 'fail'),
    default: 'warn',
    importance: 'medium',
    width: 'short',
    displayName: 'Guardrail collections limit action',
    doc: 'What to do if more tables are captured: warn, or fail the task.',
  },
  'custom.sanitize.pattern': {
    ...text,
    default:
      '.*secret$|.*password$|.*sasl\\.jaas\\.config$|.*basic\\.auth\\.user\\.info|.*registry\\.auth\\.client-secret|.*credentials\\.json$|.*connectionstring$|.*connection\\.string$',
    importance: 'low',
    width: 'long',
    displayName: 'Custom pattern for masking sensitive configuration',
    doc: 'Regular expression of the settings that Debezium hides in its log. Without effect: passwords are never logged.',
  },
  'statistics.metrics.enabled': {
    ...bool,
    default: true,
    importance: 'medium',
    width: 'short',
    displayName: 'Enable collecting statistics metrics like latencies',
    doc: 'Whether to compute statistics of the lag, such as percentiles. Without effect: the lag is a metric without statistics.',
  },
})
