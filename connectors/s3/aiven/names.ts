import { isUtf8 } from 'node:buffer'
import type { SinkRecord } from '../../../api/index.ts'
import { javaText } from '../../../java/index.ts'
import type { ObjectNameParts, Partitioner } from '../ports.ts'
import type { Parameter, TemplatePart } from './template.ts'
import type { TimeUnit, TimeUnits } from './time-units.ts'

/** A template and the time of its variable `timestamp`. */
export interface NameTemplate {
  readonly parts: readonly TemplatePart[]
  readonly unitsOf: (time: number) => TimeUnits
  readonly time: 'wallclock' | 'event'
  /** Whether `partition` ignores its parameter, and `utc_date` and `local_date` exist, as in `aws.s3.prefix`. */
  readonly isOldPrefix: boolean
}

type Piece = (record: SinkRecord, now: number) => string

/** Stand for the offset in a directory. A NUL in other texts is doubled. */
const OFFSET = '\0o'
const PADDED_OFFSET = '\0p'
const PARTITION_DIGITS = 10
const OFFSET_DIGITS = 20

/**
 * Divides records by the names of their objects: the directory is the name, in which only the offset is still missing.
 *
 * Source: TopicPartitionRecordGrouper, KeyRecordGrouper and their variants, S3SinkTask.oldFullKey. Differs: the time of the
 * batch is that of all its records; keys of bytes are texts, not the address of an array.
 */
export function namePartitioner(templates: readonly NameTemplate[]): Partitioner {
  const pieces = templates.flatMap((template) => template.parts.map((part) => pieceOf(part, template)))
  const [only] = pieces
  if (pieces.length === 1 && only !== undefined) return { directoryOf: only }
  return {
    directoryOf(record, now) {
      let name = ''
      for (const piece of pieces) name += piece(record, now)
      return name
    },
  }
}

/** Returns the key of the object of a directory of {@link namePartitioner}. */
export function nameOf({
  directory,
  startOffset,
}: Pick<ObjectNameParts, 'directory' | 'startOffset'>): string {
  if (!directory.includes('\0')) return directory
  // eslint-disable-next-line no-control-regex -- NUL marks the places of the offset
  return directory.replaceAll(/\0([op\0])/g, (_match, kind: string) => {
    if (kind === '\0') return '\0'
    return kind === 'p' ? padded(startOffset, OFFSET_DIGITS) : String(startOffset)
  })
}

function pieceOf(part: TemplatePart, template: NameTemplate): Piece {
  if ('text' in part) return fixed(part.text)
  const { name, parameter, placeholder } = part
  switch (name) {
    case 'topic':
      return ({ topic }) => escaped(topic)
    case 'partition':
      return isPadded(parameter) && !template.isOldPrefix
        ? ({ partition }) => padded(partition, PARTITION_DIGITS)
        : ({ partition }) => String(partition)
    case 'start_offset':
      return () => (isPadded(parameter) ? PADDED_OFFSET : OFFSET)
    case 'timestamp':
      return timePiece(template, parameter?.value as TimeUnit)
    case 'key':
      return (record) => escaped(keyText(record))
    default:
      return (template.isOldPrefix ? oldDates[name] : undefined) ?? fixed(placeholder)
  }
}

function fixed(text: string): Piece {
  const name = escaped(text)
  return () => name
}

function timePiece({ unitsOf, time }: NameTemplate, unit: TimeUnit): Piece {
  return time === 'event'
    ? ({ timestamp }, now) => unitsOf(timestamp ?? now)[unit]
    : (_record, now) => unitsOf(now)[unit]
}

/** Variables that `aws.s3.prefix` had before version 2.6: the date, such as `2020-03-01`. */
const oldDates: Readonly<Record<string, Piece | undefined>> = {
  utc_date: (_record, now) => new Date(now).toISOString().slice(0, 10),
  local_date: (_record, now) => {
    const date = new Date(now)
    return [date.getFullYear(), padded(date.getMonth() + 1, 2), padded(date.getDate(), 2)].join('-')
  },
}

const isPadded = (parameter: Parameter | null): boolean => parameter?.value === 'true'
const padded = (value: number, digits: number): string => String(value).padStart(digits, '0')
const escaped = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '\0\0') : text)

/** In Java the text of bytes is an address, so that each record would have an object of its own. */
function keyText({ key, keySchema }: SinkRecord): string {
  if (key === null || key === undefined) return 'null'
  if (key instanceof Uint8Array) return Buffer.from(key).toString(isUtf8(key) ? 'utf8' : 'hex')
  return javaText(key, keySchema)
}
