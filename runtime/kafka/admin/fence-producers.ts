import type { KafkaClient, RetryLimits } from '../connection/client.ts'

/**
 * Fences the producers with these transactional ids: their transactions are aborted, and they can no longer write.
 * Resolves once that has happened for all of them.
 *
 * Throws `HR_KAFKA_REFUSED` without the permission to use an id, and `HR_KAFKA_UNAVAILABLE`. Source:
 * Admin.fenceProducers (KIP-618).
 */
export async function fenceProducers(
  client: KafkaClient,
  transactionalIds: readonly string[],
  limits: RetryLimits,
): Promise<void> {
  await Promise.all(
    transactionalIds.map((transactionalId) => {
      const doing = `fence the producer with transactional id ${transactionalId}`
      const request = { transactionalId, transactionTimeout: client.settings.requestTimeoutMs }
      return client.retry(doing, limits, () =>
        client.atCoordinator('transaction', transactionalId, (nodeId) =>
          client.withBroker(nodeId, doing, (broker) => broker.initProducerId(request)),
        ),
      )
    }),
  )
}
