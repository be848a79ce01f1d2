import { invalidValue, type ConfigFault } from '../../../../api/index.ts'

/** The same message for several settings, as Confluent's validator does. */
export function faultOf(message: string, ...keys: readonly string[]): ConfigFault[] {
  return keys.map((key) => ({ key, message }))
}

export function invalid(key: string, value: unknown, reason: string): ConfigFault {
  return { key, message: invalidValue(key, value, reason) }
}
