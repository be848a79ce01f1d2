import type { Infer } from '../../../api/index.ts'
import { connectionSettings } from './settings/connection.ts'
import { conversionSettings } from './settings/conversion.ts'
import { extensionSettings } from './settings/extensions.ts'
import { kerberosSettings, proxySettings, securitySettings } from './settings/security.ts'

/**
 * The settings of the sink, in the order of the Java connector, and own ones at the end.
 *
 * Source: ElasticsearchSinkConnectorConfig.baseConfigDef.
 */
export const elasticsearchSinkConfig = {
  ...connectionSettings,
  ...conversionSettings,
  ...proxySettings,
  ...securitySettings,
  ...kerberosSettings,
  ...extensionSettings,
}

/** The parsed settings. */
export type ElasticsearchSinkConfig = Infer<typeof elasticsearchSinkConfig>
