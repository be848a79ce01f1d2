import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { fenceProducers } from '../fence-producers.ts'

test('each transactional id is initialized, and retried while its last transaction ends', async () => {
  const heard: (string | undefined)[] = []
  const cluster = new FakeCluster({
    topics: {},
    calls: {
      initProducerId: async ({ transactionalId }) => {
        heard.push(transactionalId)
        if (heard.length === 1)
          throw Object.assign(new Error('busy'), { type: 'CONCURRENT_TRANSACTIONS', retriable: true })
        return { producerId: '1', producerEpoch: 2 }
      },
    },
  })
  await fenceProducers(cluster, ['g-c-0', 'g-c-1'], { timeoutMs: 5000 })

  assert.deepEqual(heard, ['g-c-0', 'g-c-1', 'g-c-0'])
})

test('an id that may not be used fails the round with its name', async () => {
  const cluster = new FakeCluster({
    topics: {},
    calls: {
      initProducerId: () =>
        Promise.reject(
          Object.assign(new Error('denied'), {
            type: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
            retriable: false,
          }),
        ),
    },
  })
  await assert.rejects(fenceProducers(cluster, ['g-c-0'], {}), {
    code: 'HR_KAFKA_REFUSED',
    message:
      'Failed to fence the producer with transactional id g-c-0: denied (TRANSACTIONAL_ID_AUTHORIZATION_FAILED)',
  })
})
