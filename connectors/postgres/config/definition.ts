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
 * Differs: `plugin.name` defaults to pgoutput, not to decoderbufs, which is not supported.
 */
export const postgresConfig = {
  ...inGroup('Postgres', { ...connectionSettings, ...replicationSettings }),
  ...inGroup('Connector', { ...pipelineSettings, ...lineageSettings, ...valueSettings }),
  ...inGroup('Events', eventSettings),
  ...unlistedSettings,
}

type Definition = typeof postgresConfig

/** Settings without a default that must be set. Their definitions allow null, so that the message is Debezium's. */
export const requiredSettings = [
  'topic.prefix',
  'database.hostname',
  'database.user',
  'database.dbname',
] as const

type Mode<K> = K extends { readonly recommender: { validValues(): readonly (infer V)[] } } ? V : never

type WithValue = (typeof requiredSettings)[number] | 'topic.heartbeat.prefix' | 'signal.kafka.topic'

/**
 * The settings as `parseSettings` returns them. Modes are in lower case, required settings are set, and replaced settings
 * have taken effect.
 */
export type PostgresConfig = {
  readonly [K in keyof Definition]: K extends WithValue
    ? string
    : [Mode<Definition[K]>] extends [never]
      ? Infer<Definition>[K]
      : Mode<Definition[K]>
}
