import { defineConfig, rule } from '../../../../api/index.ts'
import { inGroup, list, long, recommends, text } from '../../../shared/setting-rules.ts'
import { zoneFault } from '../../joda/zones/zone-id.ts'
import {
  extractorClasses,
  partitionerClasses,
  partitionerClassFault,
  partitionerKind,
  partitionFieldFault,
  timestampExtractorFault,
  type PartitionerKind,
} from '../../partitioner/classes.ts'
import { DEFAULT_PARTITIONER } from './classes.ts'

/** In Confluent's order. */
const classes = ['Default', 'Hourly', 'Daily', 'TimeBased', 'Field'].map((name) =>
  DEFAULT_PARTITIONER.replace('DefaultP', `${name}P`),
)

const partitionerClass = rule(`[${Object.keys(partitionerClasses).join(', ')}]`, (value) =>
  partitionerClassFault(String(value)),
)

const usedBy: Readonly<Record<string, readonly PartitionerKind[]>> = {
  'partition.field.name': ['field'],
  'partition.duration.ms': ['time'],
  'path.format': ['time'],
  'locale': ['time', 'daily', 'hourly'],
  'timezone': ['time', 'daily', 'hourly'],
}

/** Source: PartitionerConfig.PartitionerClassDependentsRecommender. An unknown class might use any setting. */
const visibleFor = (key: string) => ({
  recommender: {
    validValues: () => [],
    visible: (props: Readonly<Record<string, string | null>>) => {
      const partitioner = partitionerKind(props['partitioner.class']?.trim() ?? DEFAULT_PARTITIONER)
      return partitioner === undefined || usedBy[key]?.includes(partitioner) === true
    },
  },
})

/** Source: PartitionerConfig.PartitionFieldNameValidator. */
const fieldNames = rule('Validate partition field names is not null or empty', (value) =>
  (Array.isArray(value) ? value.map(String) : [])
    .map(partitionFieldFault)
    .find((fault) => fault !== undefined),
)

/** Source: PartitionerConfig.TimezoneValidator. */
const timezone = rule('Any timezone accepted by: class org.joda.time.DateTimeZone', (value) =>
  value === null || value === '' ? undefined : zoneFault(String(value)),
)

/** How records are divided among directories. Source: PartitionerConfig. */
export const partitionerSettings = inGroup(
  'Partitioner',
  defineConfig({
    'partitioner.class': {
      type: 'class',
      validate: partitionerClass,
      ...recommends(...classes),
      default: DEFAULT_PARTITIONER,
      importance: 'high',
      width: 'long',
      displayName: 'Partitioner Class',
      dependents: ['partition.field.name', 'partition.duration.ms', 'path.format', 'locale', 'timezone'],
      doc: 'How records are divided among directories: by Kafka partition, by fields, or by time.',
    },
    'partition.field.name': {
      ...list,
      default: [],
      validate: fieldNames,
      ...visibleFor('partition.field.name'),
      importance: 'medium',
      displayName: 'Partition Field Name',
      examples: ['country,customer.id'],
      doc: 'Fields of the FieldPartitioner. Dots lead to fields of nested structs.',
    },
    'partition.duration.ms': {
      ...long,
      default: -1,
      ...visibleFor('partition.duration.ms'),
      importance: 'medium',
      width: 'long',
      displayName: 'Partition Duration (ms)',
      examples: ['3600000'],
      doc: 'Time span of a directory of the TimeBasedPartitioner, in milliseconds.',
    },
    'path.format': {
      ...text,
      default: '',
      ...visibleFor('path.format'),
      importance: 'medium',
      width: 'long',
      displayName: 'Path Format',
      examples: ["'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH"],
      doc: 'Directories of the TimeBasedPartitioner, as a date pattern of Joda-Time.',
    },
    'locale': {
      ...text,
      default: '',
      ...visibleFor('locale'),
      importance: 'medium',
      width: 'long',
      displayName: 'Locale',
      examples: ['en-US'],
      doc: 'Language of the names of months and days in directories by time.',
    },
    'timezone': {
      ...text,
      default: '',
      validate: timezone,
      ...visibleFor('timezone'),
      importance: 'medium',
      width: 'long',
      displayName: 'Timezone',
      examples: ['UTC', 'Europe/Paris', '+02:00'],
      doc: 'Time zone of directories by time, and of rotate.schedule.interval.ms.',
    },
    'timestamp.extractor': {
      ...text,
      default: 'Wallclock',
      validate: rule(`[${Object.keys(extractorClasses).join(', ')}]`, (value) =>
        timestampExtractorFault(String(value)),
      ),
      importance: 'medium',
      width: 'long',
      displayName: 'Timestamp Extractor',
      doc: 'Time of a record: Wallclock for the current time, Record for the timestamp of the record in Kafka, RecordField for timestamp.field.',
    },
    'timestamp.field': {
      ...text,
      default: 'timestamp',
      importance: 'medium',
      width: 'long',
      displayName: 'Record Field for Timestamp Extractor',
      doc: 'Field with the time of a record, for the extractor RecordField. Dots lead to nested fields.',
    },
  }),
)
