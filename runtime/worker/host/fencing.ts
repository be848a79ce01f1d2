import type { Props } from '../../../api/index.ts'
import { fenceProducers, openClient } from '../../kafka/index.ts'
import { adminProps } from './setup/client-props.ts'
import type { HostEnvironment } from './environment.ts'

/** The timeout of a REST request, which may wait for the round. */
const TIMEOUT_MS = 90_000

/**
 * Fences the producers of a connector's tasks, with the admin client settings of the connector. Throws the errors of
 * {@link fenceProducers}.
 *
 * Source: Worker.fenceZombies (KIP-618).
 */
export async function fenceTaskProducers(
  { worker, loggers }: HostEnvironment,
  name: string,
  props: Props,
  transactionalIds: readonly string[],
): Promise<void> {
  const log = loggers.logger('headrace.kafka', { connector: name })
  const client = await openClient(adminProps(worker, props, `connector-worker-adminclient-${name}`), log)
  try {
    await fenceProducers(client, transactionalIds, { timeoutMs: TIMEOUT_MS })
  } finally {
    await client.close()
  }
}
