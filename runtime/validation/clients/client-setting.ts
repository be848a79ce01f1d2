import type { ConfigType, Importance } from '../../../api/index.ts'

/** Marks a setting without a default. */
export const REQUIRED = Symbol('required')

/**
 * A setting of Kafka's Java clients, as validation reports it when a connector overrides it. The default is
 * in the form used in that response. The definitions of our own clients determine which of them take effect.
 */
export type ClientSetting = readonly [
  name: string,
  type: ConfigType,
  defaultValue: string | null | typeof REQUIRED,
  importance: Importance,
  doc: string,
]
