import type { ConfigType, Importance } from '../../../api/index.ts'

/** Stands for a setting that has no default. */
export const REQUIRED = Symbol('required')

/**
 * A setting of Kafka's Java clients: what validation answers when a connector overrides it. The default is as it is
 * written in that answer. Which of them our clients follow, their own definitions say.
 */
export type ClientSetting = readonly [
  name: string,
  type: ConfigType,
  defaultValue: string | null | typeof REQUIRED,
  importance: Importance,
  doc: string,
]
