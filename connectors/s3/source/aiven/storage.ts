import { parseConfig } from '../../../../java/index.ts'
import { aivenSinkConfig, type AivenSinkConfig } from '../../aiven/definition.ts'
import type { AivenSourceConfig } from './definition.ts'

/** Adds settings of Aiven's sink, which say how objects are written. */
export const withAivenSinkDefaults = (config: AivenSourceConfig): AivenSinkConfig => ({
  ...parseConfig(aivenSinkConfig, {}),
  ...config,
})
