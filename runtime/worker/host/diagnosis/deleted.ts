import { ConnectError, reasonOf, type Props } from '../../../../api/index.ts'
import { withoutNulls } from '../../../../config/index.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { secretsHidden } from './secrets.ts'

/**
 * Calls `deleted` of a connector, whose signal is aborted after `timeoutMs`. Throws `HR_CONNECT` with the reasons of the
 * connector's error, secrets hidden.
 */
export async function connectorDeleted(
  environment: HostEnvironment,
  name: string,
  props: Props,
  timeoutMs: number,
): Promise<void> {
  const { registry, loggers } = environment
  const { props: own } = await resolved(environment, props)
  const plugin = registry.connector(own['connector.class'] ?? '')
  try {
    await plugin.deleted?.(withoutNulls(own), {
      log: loggers.logger(plugin.name, { connector: name }),
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (error) {
    throw new ConnectError('HR_CONNECT', secretsHidden(registry, own)(reasonOf(error)))
  }
}
