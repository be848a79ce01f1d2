import { isBoxedInteger, isDecimal, isFloat32, isFloat64 } from '../numbers/index.ts'

/** Returns a string that is the same for two data values if and only if they are equal. Used to compare defaults. */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'object':
      return value === null ? 'null' : objectText(value)
    default:
      return `${typeof value}:${String(value)}`
  }
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('base64')}`
  if (isDecimal(value)) return `decimal:${value.unscaled}:${value.scale}`
  if (isBoxedInteger(value)) return `${value.type}:${value.value}`
  if (value instanceof Date) return `date:${value.getTime()}`
  if (isFloat64(value)) return `float64:${canonicalText(value.value)}`
  if (isFloat32(value)) return `float32:${canonicalText(value.value)}`
  const entries: [unknown, unknown][] = value instanceof Map ? [...value] : Object.entries(value)
  const open = value instanceof Map ? 'map' : ''
  return `${open}{${entries.map(([key, item]) => `${canonicalText(key)}:${canonicalText(item)}`).join()}}`
}
