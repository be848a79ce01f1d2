import type { Infer } from '../../../api/index.ts'
import { avroSettings } from './settings/avro.ts'
import { memorySettings } from '../config/settings/extensions.ts'
import { awsSettings, oldSettings, partSettings, retrySettings } from './settings/access.ts'
import {
  backoffSettings,
  fileSettings,
  formatSettings,
  oldOutputSettings,
  oldTimestampSettings,
} from './settings/output.ts'

/**
 * The settings of Aiven's sink, in its order, and own ones at the end.
 *
 * Source: S3SinkConfig.configDef.
 */
export const aivenSinkConfig = {
  ...awsSettings,
  ...oldSettings,
  ...oldOutputSettings,
  ...retrySettings,
  ...partSettings,
  ...fileSettings,
  ...formatSettings,
  ...oldTimestampSettings,
  ...backoffSettings,
  ...avroSettings,
  ...memorySettings,
}

/** The parsed settings. */
export type AivenSinkConfig = Infer<typeof aivenSinkConfig>
