import {
  isGroup,
  type Annotation,
  type GroupType,
  type ParquetType,
  type TimeUnit,
} from '../schema/parquet-type.ts'
import { physicalCodes, repetitionCodes } from './format-codes.ts'
import { binary, bool, int32, int8, struct, type Thrift } from './thrift.ts'

/** The annotation as ConvertedType, for older readers; undefined if it has none. */
function convertedCode(annotation: Annotation): number | undefined {
  switch (annotation.kind) {
    case 'TIME':
      return { MILLIS: 7, MICROS: 8, NANOS: undefined }[annotation.unit]
    case 'TIMESTAMP':
      return { MILLIS: 9, MICROS: 10, NANOS: undefined }[annotation.unit]
    case 'INTEGER':
      return (annotation.signed ? 15 : 11) + Math.log2(annotation.bits / 8)
    default:
      return {
        STRING: 0,
        MAP: 1,
        LIST: 3,
        ENUM: 4,
        DECIMAL: 5,
        DATE: 6,
        JSON: 19,
        UUID: undefined,
        FLOAT16: undefined,
      }[annotation.kind]
  }
}

const unitOf = (unit: TimeUnit): Thrift => struct({ [{ MILLIS: 1, MICROS: 2, NANOS: 3 }[unit]]: struct({}) })

/** The annotation as LogicalType. */
function logicalType(annotation: Annotation): Thrift {
  switch (annotation.kind) {
    case 'DECIMAL':
      return struct({ 5: struct({ 1: int32(annotation.scale), 2: int32(annotation.precision) }) })
    case 'TIME':
    case 'TIMESTAMP': {
      const time = struct({ 1: bool(annotation.utc), 2: unitOf(annotation.unit) })
      return struct(annotation.kind === 'TIME' ? { 7: time } : { 8: time })
    }
    case 'INTEGER':
      return struct({ 10: struct({ 1: int8(annotation.bits), 2: bool(annotation.signed) }) })
    default: {
      const ids = { STRING: 1, MAP: 2, LIST: 3, ENUM: 4, DATE: 6, JSON: 12, UUID: 14, FLOAT16: 15 }
      return struct({ [ids[annotation.kind]]: struct({}) })
    }
  }
}

/** Returns the elements of a schema: a list of its types, depth first. Source: SchemaElement in parquet.thrift. */
export function schemaElements(root: GroupType): Thrift[] {
  const fields = root.fields.flatMap(elementsOf)
  return [struct({ 4: binary(root.name), 5: int32(root.fields.length) }), ...fields]
}

function elementsOf(type: ParquetType): Thrift[] {
  const { annotation } = type
  const converted = annotation === null ? undefined : convertedCode(annotation)
  const decimal = annotation?.kind === 'DECIMAL' ? annotation : undefined
  const group = isGroup(type)
  const element = struct({
    1: group ? undefined : int32(physicalCodes[type.physical]),
    2: group || type.length === 0 ? undefined : int32(type.length),
    3: int32(repetitionCodes[type.repetition]),
    4: binary(type.name),
    5: group ? int32(type.fields.length) : undefined,
    6: converted === undefined ? undefined : int32(converted),
    7: decimal && int32(decimal.scale),
    8: decimal && int32(decimal.precision),
    10: annotation === null ? undefined : logicalType(annotation),
  })
  return [element, ...(group ? type.fields.flatMap(elementsOf) : [])]
}
