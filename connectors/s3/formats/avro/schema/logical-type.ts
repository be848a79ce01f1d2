import { logicalNames, type SchemaInit } from '../../../../../api/index.ts'
import { jsonText, numberOf } from './json.ts'
import { CONNECT_TYPE, DEFAULT_PRECISION, FIXED_SIZE, invalidSchema, PRECISION } from './names.ts'
import type { AvroNode, FixedNode, PrimitiveName } from './nodes.ts'

export type BaseType = Pick<SchemaInit, 'type' | 'name' | 'version' | 'parameters'>

type SimpleNode = FixedNode | Extract<AvroNode, { readonly type: PrimitiveName }>

/**
 * Returns the Connect type of a primitive or fixed type. Other logical types than those of Connect are ignored.
 *
 * Throws `HR_DATA_INVALID` for an unknown `connect.type`, or a decimal without a valid precision.
 */
export function logicalTypeOf(node: SimpleNode): BaseType {
  const property = node.properties.get('logicalType')
  const logical = typeof property === 'string' ? property.toLowerCase() : undefined
  switch (node.type) {
    case 'bytes':
    case 'fixed':
      return bytesType(node, logical)
    case 'int':
      return intType(node, logical)
    case 'long':
      return logical === 'timestamp-millis'
        ? { type: 'int64', name: logicalNames.timestamp, version: 1 }
        : { type: 'int64' }
    case 'float':
      return { type: 'float32' }
    case 'double':
      return { type: 'float64' }
    case 'boolean':
      return { type: 'boolean' }
    default:
      return { type: 'string' }
  }
}

function bytesType(node: SimpleNode, logical: string | undefined): BaseType {
  const fixed: Record<string, string> = node.type === 'fixed' ? { [FIXED_SIZE]: String(node.size) } : {}
  if (logical !== 'decimal') return { type: 'bytes', parameters: fixed }
  const scale = numberOf(node.properties.get('scale')) ?? 0
  const found = node.properties.get('precision')
  const precision = found === undefined ? DEFAULT_PRECISION : numberOf(found)
  if (precision === undefined) {
    throw invalidSchema(`The precision of a decimal is ${jsonText(found ?? null)}, expected a number`)
  }
  const parameters = {
    scale: String(scale),
    ...(precision === DEFAULT_PRECISION ? {} : { [PRECISION]: String(precision) }),
    ...fixed,
  }
  return { type: 'bytes', name: logicalNames.decimal, version: 1, parameters }
}

function intType(node: SimpleNode, logical: string | undefined): BaseType {
  if (logical === 'date') return { type: 'int32', name: logicalNames.date, version: 1 }
  if (logical === 'time-millis') return { type: 'int32', name: logicalNames.time, version: 1 }
  const written = node.properties.get(CONNECT_TYPE)
  if (logical !== undefined || written === undefined) return { type: 'int32' }
  if (written === 'int8' || written === 'int16') return { type: written }
  throw invalidSchema(`${CONNECT_TYPE} of an int is ${jsonText(written)}, expected "int8" or "int16"`)
}
