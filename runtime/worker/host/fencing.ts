import type { Props } from '../../../api/index.ts'
import { openTransactionalProducer } from '../../kafka/index.ts'
import { producerProps } from './setup/client-props.ts'
import type { HostEnvironment } from './environment.ts'

/**
 * Fences transactional ids: producers that use them can no longer write.
 *
 * Source: Worker.fenceZombies, KIP-618.
 */
export async function fenceProducers(
  { worker, loggers }: HostEnvironment,
  name: string,
  props: Props,
  transactionalIds: readonly string[],
): Promise<void> {
  const log = loggers.logger('headrace.kafka', { connector: name })
  const settings = producerProps(worker, props, { connector: name, task: 0 })
  await Promise.all(
    transactionalIds.map(async (id) => {
      const producer = await openTransactionalProducer(settings, id, log)
      try {
        await producer.init()
      } finally {
        await producer.close(0)
      }
    }),
  )
}
