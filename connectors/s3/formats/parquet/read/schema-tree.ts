import type { SchemaElement } from 'hyparquet'
import { corrupt } from '../pages/corrupt.ts'
import type { Annotation, GroupType, ParquetType, Repetition } from '../schema/parquet-type.ts'

/** Deeper schemas are regarded as corrupt. */
const MAX_DEPTH = 100

/** Builds the schema of a file from the elements in its footer: a list of its types, depth first. */
export function schemaTree(elements: readonly SchemaElement[]): GroupType {
  const rest = elements.values()
  const root = typeOf(rest, 0)
  if (!('fields' in root)) throw corrupt('the schema has no columns')
  return { ...root, repetition: 'REQUIRED', annotation: null }
}

function typeOf(rest: Iterator<SchemaElement>, depth: number): ParquetType {
  const { value: element, done } = rest.next()
  if (done === true || depth > MAX_DEPTH) throw corrupt('the schema is incomplete')
  const { name, type, num_children: children = 0 } = element
  const repetition: Repetition = element.repetition_type ?? 'REQUIRED'
  const annotation = annotationOf(element)
  if (type !== undefined) {
    const length = type === 'FIXED_LEN_BYTE_ARRAY' ? (element.type_length ?? 0) : 0
    return { name, repetition, annotation, physical: type, length }
  }
  const fields: ParquetType[] = []
  while (fields.length < children) fields.push(typeOf(rest, depth + 1))
  return { name, repetition, annotation, fields }
}

/** Older files have only the converted type. Those that have no meaning here are left out. */
function annotationOf(element: SchemaElement): Annotation | null {
  const { logical_type: logical, scale = 0, precision = 0 } = element
  switch (logical?.type) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
    case 'LIST':
    case 'MAP':
    case 'DATE':
    case 'UUID':
    case 'FLOAT16':
      return { kind: logical.type }
    case 'DECIMAL':
      return { kind: 'DECIMAL', precision: logical.precision, scale: logical.scale }
    case 'TIME':
    case 'TIMESTAMP':
      return { kind: logical.type, unit: logical.unit, utc: logical.isAdjustedToUTC }
    case 'INTEGER':
      return { kind: 'INTEGER', bits: logical.bitWidth, signed: logical.isSigned }
    default:
      return converted(element.converted_type, precision, scale)
  }
}

function converted(
  type: SchemaElement['converted_type'],
  precision: number,
  scale: number,
): Annotation | null {
  const [, unsigned, bits] = /^(U?)INT_(8|16|32|64)$/.exec(type ?? '') ?? []
  if (bits !== undefined) return { kind: 'INTEGER', bits: Number(bits), signed: unsigned === '' }
  switch (type) {
    case 'UTF8':
      return { kind: 'STRING' }
    case 'MAP':
    case 'MAP_KEY_VALUE':
      return { kind: 'MAP' }
    case 'LIST':
    case 'ENUM':
    case 'DATE':
    case 'JSON':
      return { kind: type }
    case 'DECIMAL':
      return { kind: 'DECIMAL', precision, scale }
    case 'TIME_MILLIS':
    case 'TIME_MICROS':
      return { kind: 'TIME', unit: type === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS', utc: true }
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return { kind: 'TIMESTAMP', unit: type === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS', utc: true }
    default:
      return null
  }
}
