import type { TestContext } from 'node:test'
import type { ConnectError, Props } from '../../../../api/index.ts'
import { unlimitedLease, type Lease } from '../../../timing/index.ts'
import type { DeliveryListener, Producer } from '../../ports.ts'
import { rawRecord } from '../../record-batch/test/batches.ts'
import { FakeCluster, type FakeBrokers } from '../../test/fake-cluster.ts'
import { idempotentIdentities, noIdentities } from '../identities.ts'
import { BatchingProducer } from '../producer.ts'
import { producerSettings } from '../settings.ts'
import { FakeLog } from './fake-log.ts'

export const TOPIC = 'topic'
export const never: AbortSignal = new AbortController().signal

/** Collects the results of records, by index. */
export class Deliveries implements DeliveryListener {
  readonly offsets = new Map<number, number>()
  readonly failures = new Map<number, ConnectError>()

  acknowledged(first: number, count: number, _topic: string, _partition: number, baseOffset: number): void {
    for (let step = 0; step < count; step++) {
      this.offsets.set(first + step, baseOffset < 0 ? baseOffset : baseOffset + step)
    }
  }

  failed(first: number, count: number, error: ConnectError): void {
    for (let step = 0; step < count; step++) this.failures.set(first + step, error)
  }
}

export interface ProducerFixture {
  readonly log: FakeLog
  readonly cluster: FakeCluster
  readonly producer: BatchingProducer
  readonly deliveries: Deliveries
  /** The lease without which nothing may be written. */
  readonly lease: Lease
  /** Appends values with the next indices. Returns the result of the last append. */
  append(values: readonly string[], partition?: number | null): boolean
}

/** Creates a producer that is ready to write to `topic`. */
export async function openFixture(
  t: TestContext,
  props: Props = {},
  brokers: Partial<FakeBrokers> = {},
  afterwards: 'wait' | 'fail' = 'wait',
): Promise<ProducerFixture> {
  const log = new FakeLog()
  let producerId = 0
  const cluster = new FakeCluster({
    topics: { [TOPIC]: 1 },
    send: (nodeId, request) => log.produce(nodeId, request),
    calls: { initProducerId: async () => ({ producerId: String(producerId++), producerEpoch: 0 }) },
    ...brokers,
  })
  const settings = producerSettings(props)
  const identities = settings.idempotent ? idempotentIdentities(cluster) : noIdentities
  const lease = unlimitedLease()
  const producer = new BatchingProducer(cluster, settings, identities, undefined, { lease, afterwards })
  t.after(() => producer.close(0))
  await producer.prepare(TOPIC, never)
  return { log, cluster, producer, lease, ...appender(producer) }
}

function appender(producer: Producer): Pick<ProducerFixture, 'deliveries' | 'append'> {
  const deliveries = new Deliveries()
  let next = 0
  return {
    deliveries,
    append: (values, partition = 0) => {
      let room = true
      for (const value of values) {
        room = producer.append(TOPIC, partition, rawRecord({ value }), deliveries, next++)
      }
      return room
    },
  }
}

/** Returns the numbers from `from` up to, but not including, `to` as strings. */
export const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, step) => String(from + step))
