import { ConnectError, projectionOf, type Schema } from '../../../api/index.ts'
import type { SchemaAndValue, SchemaCompatibility } from '../ports.ts'
import { parametersFitValue } from './parameters.ts'
import { structureFits } from './structure.ts'

/** The values of `schema.compatibility`. */
export const compatibilityModes = ['NONE', 'BACKWARD', 'FORWARD', 'FULL'] as const
export type CompatibilityMode = (typeof compatibilityModes)[number]

/**
 * Returns the rules of `schema.compatibility`:
 *
 * - `NONE`: objects end when the schema changes;
 * - `BACKWARD` and `FULL`: when a schema is newer, or has another structure; older records are written with the newer schema;
 * - `FORWARD`: when a schema is older, or has another structure; newer records are written with the older schema.
 *
 * All but `NONE` require versions of schemas that differ. Source: StorageSchemaCompatibility. Differs: Java requires versions
 * also of equal schemas that are different objects.
 */
export function schemaCompatibility(mode: CompatibilityMode): SchemaCompatibility {
  if (mode === 'NONE') {
    return {
      mustRotate: ({ schema }, current) => schema !== current && different(schema, current),
      project: (record) => record,
    }
  }
  const decided = new WeakMap<Schema, WeakMap<Schema, boolean>>()
  const decide = (schema: Schema, current: Schema): boolean => {
    let ofCurrent = decided.get(current)
    if (ofCurrent === undefined) decided.set(current, (ofCurrent = new WeakMap()))
    let rotate = ofCurrent.get(schema)
    if (rotate === undefined) ofCurrent.set(schema, (rotate = incompatible(mode, schema, current)))
    return rotate
  }
  return {
    mustRotate({ schema }, current) {
      if (schema === current) return false
      if (schema === null || current === null) return different(schema, current)
      return decide(schema, current)
    },
    project,
  }
}

function different(schema: Schema | null, current: Schema | null): true {
  if (schema !== null && current !== null) return true
  throw new ConnectError(
    'HR_PROJECTION_FAILED',
    'Switch between schema-based and schema-less data is not supported',
  )
}

function incompatible(mode: CompatibilityMode, schema: Schema, current: Schema): boolean {
  if (schema.version === null || current.version === null) {
    const [found, other] = [schema, current].map((one) => `${String(one)} version ${one.version}`)
    const message = `Schema version required for ${mode} compatibility: found ${found} and ${other}`
    throw new ConnectError('HR_PROJECTION_FAILED', message)
  }
  if (!structureFits(schema, current)) return true
  return mode === 'FORWARD' ? schema.version < current.version : schema.version > current.version
}

function project(record: SchemaAndValue, current: Schema | null): SchemaAndValue {
  const { schema, value } = record
  if (schema === current) return record
  if (schema === null || current === null) {
    different(schema, current)
    return record
  }
  return { schema: current, value: projectionOf(schema, current, parametersFitValue)(value) }
}
