import type { ConfigFault } from '../../../../api/index.ts'

/** The same message for several settings, as the validator of Java does. */
export function faultOf(message: string, ...keys: readonly string[]): ConfigFault[] {
  return keys.map((key) => ({ key, message }))
}
