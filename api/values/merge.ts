import type { Schema, SchemaType } from '../data/schema.ts'
import { FLOAT32, FLOAT64, INT16, INT32, INT64, INT8 } from '../data/builder.ts'

const integers: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64']
const floats: readonly SchemaType[] = ['float32', 'float64']
const schemas: Partial<Record<SchemaType, Schema>> = {
  int8: INT8,
  int16: INT16,
  int32: INT32,
  int64: INT64,
  float32: FLOAT32,
  float64: FLOAT64,
}

/** The schema that the elements of a list or map share so far; numbers widen to the larger. Source: Values.mergeSchemas. */
export class SharedSchema {
  #schema: Schema | null = null
  #compatible = true

  get schema(): Schema | null {
    return this.#schema
  }

  add(schema: Schema | null | undefined): void {
    if (schema === null || schema === undefined || !this.#compatible) return
    this.#schema = this.#schema === null ? schema : merged(this.#schema, schema)
    this.#compatible = this.#schema !== null
  }
}

function merged(a: Schema, b: Schema): Schema | null {
  if (a.type === b.type) return a
  for (const family of [integers, floats]) {
    const larger = family[Math.max(family.indexOf(a.type), family.indexOf(b.type))]
    if (family.includes(a.type) && family.includes(b.type) && larger !== undefined)
      return schemas[larger] ?? null
  }
  return null
}
