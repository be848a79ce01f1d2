import type { KafkaClient } from '../connection/client.ts'
import type { ProducerIdentity } from './partition-queue.ts'

/** Source of the producer id and epoch of batches. */
export interface Identities {
  /** If false, batches carry no identity, and brokers cannot deduplicate retries. */
  readonly used: boolean
  /**
   * Resolves to an identity for a partition that has none. It differs from `spent`, the identity under which
   * the partition lost its sequence. Rejects when no identity can be obtained.
   */
  obtain(spent: ProducerIdentity | undefined): Promise<ProducerIdentity>
}

export const noIdentities: Identities = {
  used: false,
  obtain: () => Promise.reject(new TypeError('this producer is not idempotent')),
}

/** Uses one producer id for all partitions, and requests a new one when a partition loses its sequence. */
export function idempotentIdentities(client: KafkaClient): Identities {
  let current: Promise<ProducerIdentity> | undefined
  let known: ProducerIdentity | undefined
  return {
    used: true,
    obtain: (spent) => {
      if (spent !== undefined && spent === known) current = known = undefined
      current ??= initProducerId(client).then(
        (identity) => (known = identity),
        (error: unknown) => {
          current = undefined
          throw error
        },
      )
      return current
    },
  }
}

async function initProducerId(client: KafkaClient): Promise<ProducerIdentity> {
  const { producerId, producerEpoch } = await client.withAnyBroker('obtain a producer id', (broker) =>
    broker.initProducerId({ transactionTimeout: 0 }),
  )
  return { producerId: BigInt(producerId), producerEpoch }
}
