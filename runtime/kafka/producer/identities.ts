import type { KafkaClient } from '../connection/client.ts'
import type { ProducerIdentity } from './partition-queue.ts'

/** Where a producer's batches get their identity from. */
export interface Identities {
  /** False: batches carry no identity, and repeats are not told from new records. */
  readonly used: boolean
  /** The identity for a partition that has none, or lost its sequence. Throws when there is none to be had. */
  obtain(): Promise<ProducerIdentity>
}

export const noIdentities: Identities = {
  used: false,
  obtain: () => Promise.reject(new TypeError('this producer writes without identity')),
}

/** A producer id of its own for each partition that asks: a new one is a fresh start for that partition alone. */
export function idempotentIdentities(client: KafkaClient): Identities {
  let shared: Promise<ProducerIdentity> | undefined
  return {
    used: true,
    obtain: () => {
      // Partitions that ask at the same time share one id; later ones get another
      shared ??= initProducerId(client).finally(() => {
        shared = undefined
      })
      return shared
    },
  }
}

async function initProducerId(client: KafkaClient): Promise<ProducerIdentity> {
  const { brokers } = await client.refresh([])
  const [broker] = brokers
  const doing = 'obtain a producer id'
  const { producerId, producerEpoch } = await client.withBroker(broker?.nodeId ?? -1, doing, (node) =>
    node.initProducerId({ transactionTimeout: 0 }),
  )
  return { producerId: BigInt(producerId), producerEpoch }
}
