import { ConnectError } from '../../../../api/index.ts'
import { deadLetterQueue, type DeadLetterBytes, type FailureReporter } from '../../../errors/index.ts'
import { openClient, openProducer, TopicAdmin, type Producer } from '../../../kafka/index.ts'
import { ConverterWaits, waitAtMost } from '../../../pipeline/index.ts'
import { producerProps, taskAdminProps } from './client-props.ts'
import type { TaskSetup } from './task-setup.ts'

/** The `errors.deadletterqueue.*` settings of a connector with a dead letter queue. */
export interface DeadLetterPlan {
  readonly topic: string
  readonly replicationFactor: number
  readonly contextHeaders: boolean
}

/** How long a dead letter waits for a converter that is not ready. */
const LETTER_WAIT_MS = 30_000
/** Timeout for a broker that does not respond. */
const CREATE_TIMEOUT_MS = 10_000

/** Returns the waits for converters that are not ready to convert a dead letter. A pause does not interrupt them. */
export function letterWaits({ control, outages }: Pick<TaskSetup, 'control' | 'outages'>): ConverterWaits {
  const late = () =>
    new ConnectError('HR_CONNECT', `The converter was not ready within ${LETTER_WAIT_MS} ms.`)
  return new ConverterWaits(waitAtMost(LETTER_WAIT_MS, control.stop.hard, late), outages)
}

/**
 * Opens the dead letter queue of a task. Creates its topic with one partition when it does not exist.
 *
 * Throws `HR_CONNECT` when the topic is not available. Source: DeadLetterQueueReporter.createAndSetup.
 */
export async function openDeadLetterQueue(
  plan: DeadLetterPlan,
  setup: TaskSetup,
  worker: Readonly<Record<string, string>>,
  bytesOf: DeadLetterBytes,
): Promise<FailureReporter> {
  const { id, connectorProps, metrics, control, lease, log, outages } = setup
  const props = producerProps(worker, connectorProps, id, 'dlq-producer')
  const producer = await openProducer(props, log, outages, { lease, afterwards: 'wait' })
  control.stop.hard.addEventListener('abort', () => void producer.close(0), { once: true })
  try {
    await prepareTopic(plan, setup, worker, producer)
  } catch (cause) {
    await producer.close(0)
    const message = `Could not initialize dead letter queue with topic=${plan.topic}`
    throw new ConnectError('HR_CONNECT', message, { cause })
  }
  return deadLetterQueue(id, { ...plan, bytesOf }, producer, metrics.errors, log)
}

async function prepareTopic(
  { topic, replicationFactor }: DeadLetterPlan,
  { id, connectorProps, control, log, outages }: TaskSetup,
  worker: Readonly<Record<string, string>>,
  producer: Producer,
): Promise<void> {
  const signal = control.stop.soft
  const client = await openClient(taskAdminProps(worker, connectorProps, id, 'dlq-adminclient'), log, outages)
  try {
    const admin = new TopicAdmin(client)
    const [existing] = await admin.existing([topic], { signal })
    if (existing === undefined) {
      const created = await admin.create(
        { topic, partitions: 1, replicationFactor, configs: {} },
        { signal, timeoutMs: CREATE_TIMEOUT_MS },
      )
      if (created === 'not-permitted') {
        throw new ConnectError('HR_KAFKA_REFUSED', `Not authorized to create topic ${topic}`)
      }
      log.info('the dead-letter topic did not exist', { topic, created })
    }
  } finally {
    await client.close()
  }
  await producer.prepare(topic, signal)
}
