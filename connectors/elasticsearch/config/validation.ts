import type { ConfigFault, Logger, TaskProps } from '../../../api/index.ts'
import { isWellFormed, parseConfig } from '../../../java/index.ts'
import type { SearchServer } from '../ports.ts'
import { openServer, type ServerSettings } from '../server/index.ts'
import { accessFaults } from './checks/access.ts'
import { connectionFaults } from './checks/connection.ts'
import { recordFaults } from './checks/records.ts'
import { targetFaults } from './checks/targets.ts'
import { elasticsearchSinkConfig } from './definition.ts'
import { serverSettings } from './server-settings.ts'

/** Validation has ended by then, even if the settings allow more for a connection. */
const LONGEST_CHECK_MS = 20_000

const silent: Logger = { error() {}, warn() {}, info() {}, debug() {}, trace() {} }

/**
 * Returns what is wrong with settings that depend on others, and if nothing is, with the server. The messages are those of
 * the Java connector where it checks the same. While a setting is invalid by itself, nothing else is checked.
 *
 * Source: Validator. Differs: settings without effect because of others are refused if they are own ones.
 */
export async function validateElasticsearchSink(
  props: TaskProps,
  open: (settings: ServerSettings, log: Logger) => SearchServer = openServer,
): Promise<readonly ConfigFault[]> {
  if (!isWellFormed(elasticsearchSinkConfig, props)) return []
  const config = parseConfig(elasticsearchSinkConfig, props)
  const faults = [...accessFaults(config, props), ...targetFaults(config, props), ...recordFaults(config)]
  if (faults.length > 0) return faults
  const server = open(serverSettings(config), silent)
  try {
    return await connectionFaults(config, server, AbortSignal.timeout(LONGEST_CHECK_MS))
  } finally {
    await server.close()
  }
}
