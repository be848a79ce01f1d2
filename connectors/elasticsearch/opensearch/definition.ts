import type { Infer } from '../../../api/index.ts'
import { connectorSettings } from './settings/connector.ts'
import { conversionOfAiven, dataStreamSettings, existingResourceSettings } from './settings/conversion.ts'
import { awsSettings, loginSettings, tlsOfConnection } from './settings/security.ts'

/** The settings of Aiven's sink, in its order. Source: OpenSearchSinkConnectorConfig.baseConfigDef. */
export const opensearchSinkConfig = {
  ...connectorSettings,
  ...tlsOfConnection,
  ...loginSettings,
  ...awsSettings,
  ...conversionOfAiven,
  ...dataStreamSettings,
  ...existingResourceSettings,
}

/** The parsed settings. */
export type OpensearchSinkConfig = Infer<typeof opensearchSinkConfig>
