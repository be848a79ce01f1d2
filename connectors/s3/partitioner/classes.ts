const prefix = 'io.confluent.connect.storage.partitioner.'

/** The values of `partitioner.class`, and which partitioner each one is. */
export const partitionerClasses = {
  [`${prefix}DefaultPartitioner`]: 'default',
  [`${prefix}FieldPartitioner`]: 'field',
  [`${prefix}TimeBasedPartitioner`]: 'time',
  [`${prefix}DailyPartitioner`]: 'daily',
  [`${prefix}HourlyPartitioner`]: 'hourly',
} as const satisfies Readonly<Record<string, string>>

export type PartitionerKind = (typeof partitionerClasses)[keyof typeof partitionerClasses]

const extractorPrefix = `${prefix}TimeBasedPartitioner$`

/** The values of `timestamp.extractor`, and which extractor each one is. */
export const extractorClasses = {
  Wallclock: 'wallclock',
  Record: 'record',
  RecordField: 'field',
  [`${extractorPrefix}WallclockTimestampExtractor`]: 'wallclock',
  [`${extractorPrefix}RecordTimestampExtractor`]: 'record',
  [`${extractorPrefix}RecordFieldTimestampExtractor`]: 'field',
} as const satisfies Readonly<Record<string, string>>

export type ExtractorKind = (typeof extractorClasses)[keyof typeof extractorClasses]

/** Returns the partitioner of a class; undefined for an unknown one. */
export function partitionerKind(className: string): PartitionerKind | undefined {
  return lookUp(partitionerClasses, className)
}

/** Returns the extractor of a `timestamp.extractor` setting; undefined for an unknown one. */
export function extractorKind(className: string): ExtractorKind | undefined {
  return lookUp(extractorClasses, className)
}

function lookUp<T>(names: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined
}

/** Returns why a `partitioner.class` cannot be used, and what to use instead; undefined if it can. */
export function partitionerClassFault(className: string): string | undefined {
  if (partitionerKind(className) !== undefined) return undefined
  const full = prefix + className
  if (partitionerKind(full) !== undefined) return `Class ${className} could not be found. Use ${full}`
  const known = Object.keys(partitionerClasses)
    .map((name) => name.slice(prefix.length))
    .join(', ')
  const instead = `Use one of ${prefix}*: ${known}`
  const fields =
    'To partition by something else, add it as a field of the value with a transform, and use FieldPartitioner'
  return `Class ${className} could not be found: partitioners written in Java cannot be loaded. ${instead}. ${fields}`
}

/** Returns why a `timestamp.extractor` cannot be used, and what to use instead; undefined if it can. */
export function timestampExtractorFault(className: string): string | undefined {
  if (extractorKind(className) !== undefined) return undefined
  const instead = 'Use Wallclock, Record or RecordField'
  const fields = 'To use another time, add it as a field of the value with a transform, and use RecordField'
  return `Invalid timestamp extractor: ${className}. Extractors written in Java cannot be loaded. ${instead}. ${fields}`
}

/** Returns why a name in `partition.field.name` is invalid; undefined if it is valid. Source: PartitionFieldNameValidator. */
export function partitionFieldFault(name: string): string | undefined {
  if (name.trim() === '') return 'Field name cannot be null or empty'
  const parts = name.replace(/\.+$/, '').split('.')
  return parts.some((part) => part.trim() === '')
    ? 'Field name cannot contain an empty or whitespace-only path segment'
    : undefined
}
