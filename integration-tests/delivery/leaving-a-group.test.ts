import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { openConsumer, type Consumer } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { writeRecords } from '../topics/records.ts'
import { deleteTopics, sharedKafka, uniqueName, waitFor } from '../services/index.ts'

/** Much shorter than the session timeout of 45 s, for which a group waits for a member that did not leave. */
const SOON_MS = 20_000
const POLL_MS = 500
const never: AbortSignal = new AbortController().signal

/** Consumers of a topic with one partition, all in one group. */
async function openGroup(t: TestContext) {
  const bootstrap = await sharedKafka()
  const topic = uniqueName('leaving')
  await writeRecords(topic, [{ key: null, value: 'a', timestamp: 0, headers: [] }])
  t.after(() => deleteTopics(bootstrap, [topic]))
  return async () => {
    let rebalances = 0
    const consumer: Consumer = await openConsumer(
      { 'bootstrap.servers': bootstrap, 'group.id': topic },
      { topics: [topic] },
      { revoked: async () => [], lost: async () => {}, assigned: async () => void rebalances++ },
      silentLogger,
    )
    t.after(() => consumer.abort())
    const untilRebalanced = (times: number) =>
      waitFor(
        async () => {
          await consumer.poll(POLL_MS, never)
          return rebalances === times ? true : undefined
        },
        { timeoutMs: SOON_MS, what: () => `rebalance ${times} of a consumer that had ${rebalances}` },
      )
    return { consumer, untilRebalanced }
  }
}

test('a consumer that is closed while it waits in a rebalance does not delay the group', async (t) => {
  const join = await openGroup(t)
  const first = await join()
  await first.untilRebalanced(1)
  const second = await join()
  // The first consumer does not poll meanwhile, so the join request of the second one gets no response
  for (let polls = 0; polls < 4; polls++) await second.consumer.poll(POLL_MS, never)
  assert.deepEqual(second.consumer.assignment, [])
  await second.consumer.close()

  await first.untilRebalanced(2)
  assert.equal(first.consumer.assignment.length, 1)
})

test('an aborted consumer leaves its group', async (t) => {
  const join = await openGroup(t)
  const first = await join()
  await first.untilRebalanced(1)
  await first.consumer.abort()

  const second = await join()
  await second.untilRebalanced(1)
  assert.equal(second.consumer.assignment.length, 1)
})
