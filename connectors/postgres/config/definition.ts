import type { Infer } from '../../../api/index.ts'
import { connectionSettings } from './settings/connection.ts'
import { eventSettings } from './settings/events.ts'
import { unlistedSettings } from './settings/extensions.ts'
import { lineageSettings } from './settings/lineage.ts'
import { pipelineSettings } from './settings/pipeline.ts'
import { replicationSettings } from './settings/replication.ts'
import { inGroup } from './settings/rules.ts'
import { valueSettings } from './settings/values.ts'

/**
 * The settings of the connector: those that Debezium lists, in its order, and those that it reads without listing them.
 * Settings whose names contain a table, a column or another name are read by the code that uses them.
 *
 * `plugin.name` defaults to pgoutput instead of decoderbufs, which is not supported.
 */
export const postgresConfig = {
  ...inGroup('Postgres', { ...connectionSettings, ...replicationSettings }),
  ...inGroup('Connector', { ...pipelineSettings, ...lineageSettings, ...valueSettings }),
  ...inGroup('Events', eventSettings),
  ...unlistedSettings,
}

/** The settings as the worker parses them: a value is null if it is not set and has no default. */
export type PostgresConfig = Infer<typeof postgresConfig>
