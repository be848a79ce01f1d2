import { defineConfig, rule } from '../../../../api/index.ts'
import { DEFAULT_PARTITIONER, partitionerClasses } from './classes.ts'
import { classAmong, inGroup, list, long, recommends, text } from './rules.ts'

const classes: Readonly<Record<string, string>> = partitionerClasses

function partitionerInstead(name: string): string | undefined {
  const simple = name.slice(name.lastIndexOf('.') + 1)
  const same = Object.keys(classes).find((known) => known.endsWith(`.${simple}`))
  if (same !== undefined) return `use ${same}`
  if (/time|date|hour|dail/i.test(simple)) return 'use TimeBasedPartitioner with path.format'
  return 'use FieldPartitioner, with a transform that adds the field'
}

const usedBy: Readonly<Record<string, readonly string[]>> = {
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
      const name = props['partitioner.class']?.trim() ?? DEFAULT_PARTITIONER
      const partitioner = Object.hasOwn(classes, name) ? classes[name] : undefined
      return partitioner === undefined || usedBy[key]?.includes(partitioner) === true
    },
  },
})

/** Source: PartitionerConfig.PartitionFieldNameValidator. */
const fieldNames = rule('Validate partition field names is not null or empty', (value) => {
  const names = Array.isArray(value) ? value.map(String) : []
  if (names.some((name) => name.trim() === '')) return 'Field name cannot be null or empty'
  const segments = names.flatMap((name) => name.replace(/\.+$/, '').split('.'))
  return segments.some((segment) => segment.trim() === '')
    ? 'Field name cannot contain an empty or whitespace-only path segment'
    : undefined
})

/** How records are divided among directories. Source: PartitionerConfig. */
export const partitionerSettings = inGroup(
  'Partitioner',
  defineConfig({
    'partitioner.class': {
      ...classAmong(Object.keys(classes), partitionerInstead),
      ...recommends(...Object.keys(classes)),
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
