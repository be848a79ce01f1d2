import { aivenSinkConfig, type AivenSinkConfig } from '../../aiven/definition.ts'
import { parseSettings } from '../../config/parse-settings.ts'
import type { AivenSourceConfig } from './definition.ts'

/** Adds settings of Aiven's sink, which say how objects are written. */
export const withAivenSinkDefaults = (config: AivenSourceConfig): AivenSinkConfig => ({
  ...parseSettings(aivenSinkConfig, {}),
  ...config,
})
