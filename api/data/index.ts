export {
  array,
  BOOLEAN,
  BYTES,
  describe,
  FLOAT32,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  map,
  OPTIONAL_BOOLEAN,
  OPTIONAL_BYTES,
  OPTIONAL_FLOAT32,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT16,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_INT8,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
  withAttributes,
} from './builder.ts'
export type { SchemaAttributes } from './builder.ts'
export {
  dateFromMs,
  dateSchema,
  dateToDays,
  decimalScale,
  decimalSchema,
  decimalToBytes,
  logicalNames,
  MS_PER_DAY,
  timeFromMs,
  timeSchema,
  timestampSchema,
  timeToMs,
} from './logical.ts'
export type { LogicalName } from './logical.ts'
export { keyedMap } from './keyed-map.ts'
export { projectionOf } from './project.ts'
export type { ParametersFit, Projection } from './project.ts'
export { isPlainObject } from './plain-object.ts'
export { makeSchema, schemaTypes } from './schema.ts'
export type { Field, Schema, SchemaInit, SchemaType } from './schema.ts'
export { schemalessTypeOf } from './schemaless.ts'
export { fitsType, validateValue } from './validate.ts'
