/** Freezes a value deeply, so that modifying it throws. Bytes, dates and maps cannot be frozen. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (ArrayBuffer.isView(value) || value instanceof Date) return value
  for (const item of Object.values(value)) frozen(item)
  return Object.freeze(value)
}
