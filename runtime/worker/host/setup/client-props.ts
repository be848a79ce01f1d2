import type { Props } from '../../../../api/index.ts'
import { withPrefix } from '../../../../config/index.ts'
import { workerClientProps } from '../../../kafka/index.ts'
import { taskName, type TaskId } from '../../../stores/index.ts'
import { permittedOverrides } from '../../../validation/index.ts'

type Texts = Readonly<Record<string, string>>

const base = (worker: Texts, clientId: string): Texts => ({
  'bootstrap.servers': worker['bootstrap.servers'] ?? '',
  'client.id': clientId,
})

/**
 * Returns the settings of a source task's producer: Connect's own, the worker's `producer.*`, the connector's
 * `producer.override.*`. `kind` is part of the client id. As in Kafka Connect, the top-level security
 * settings of the worker are not included.
 *
 * Throws `HR_CONNECT` for an override that the worker does not allow, as the other functions do.
 * Source: Worker.baseProducerConfigs.
 */
export function producerProps(worker: Texts, connector: Props, id: TaskId, kind = 'producer'): Props {
  return {
    ...base(worker, `connector-${kind}-${taskName(id)}`),
    ...withPrefix(worker, 'producer.'),
    ...permittedOverrides('producer', connector, worker),
  }
}

/** Returns the settings of a sink task's consumer. Source: Worker.baseConsumerConfigs. */
export function consumerProps(worker: Texts, connector: Props, { connector: name, task }: TaskId): Props {
  return {
    ...base(worker, `connector-consumer-${name}-${task}`),
    'group.id': `connect-${name}`,
    'auto.offset.reset': 'earliest',
    ...withPrefix(worker, 'consumer.'),
    ...permittedOverrides('consumer', connector, worker),
  }
}

/** Returns the settings of a task's admin client; `kind` is part of the client id. */
export function taskAdminProps(worker: Texts, connector: Props, id: TaskId, kind = 'adminclient'): Props {
  return adminProps(worker, connector, `connector-${kind}-${taskName(id)}`)
}

/**
 * Returns the settings of a connector's admin client, including the worker's top level. Source:
 * Worker.adminConfigs.
 */
export function adminProps(worker: Texts, connector: Props, clientId: string): Props {
  return {
    ...workerClientProps(worker, clientId),
    ...withPrefix(worker, 'admin.'),
    ...permittedOverrides('admin', connector, worker),
  }
}
