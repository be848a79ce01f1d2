import type { KafkaClient } from '../connection/client.ts'
import type { ProducerIdentity } from './partition-queue.ts'

/** Where a producer's batches get their identity from. */
export interface Identities {
  /** False: batches carry no identity, and repeats are not told from new records. */
  readonly used: boolean
  /**
   * The identity for a partition that has none, and another than the `spent` one under which it lost its sequence.
   * Throws when there is none to be had.
   */
  obtain(spent: ProducerIdentity | undefined): Promise<ProducerIdentity>
}

export const noIdentities: Identities = {
  used: false,
  obtain: () => Promise.reject(new TypeError('this producer writes without identity')),
}

/** One producer id for all partitions; one that lost its sequence under it is the first to write under the next. */
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
