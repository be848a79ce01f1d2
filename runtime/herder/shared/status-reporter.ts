import type { InstanceState, InstanceStatus, StatusStore, TaskId } from '../../stores/index.ts'

/** Writes what becomes of connectors and tasks into the status store, under this worker's name. */
export class StatusReporter {
  readonly #store: StatusStore
  readonly #workerId: string
  readonly #generation: () => number

  constructor(store: StatusStore, workerId: string, generation: () => number) {
    this.#store = store
    this.#workerId = workerId
    this.#generation = generation
  }

  connector(name: string, state: InstanceState, version: string | null): void {
    this.#store.putConnector(name, this.#status(state, version, null))
  }

  /** Unless another worker has the connector by now. */
  connectorSafely(name: string, state: InstanceState, trace: string | null, version: string | null): void {
    this.#store.putConnectorSafely(name, this.#status(state, version, trace))
  }

  task(id: TaskId, state: InstanceState, version: string | null): void {
    this.#store.putTask(id, this.#status(state, version, null))
  }

  taskSafely(id: TaskId, state: InstanceState, trace: string | null, version: string | null): void {
    this.#store.putTaskSafely(id, this.#status(state, version, trace))
  }

  /** The connector is no more. Source: AbstractHerder.onDeletion. */
  connectorDeleted(name: string): void {
    this.#store.removeConnector(name)
    for (const { topic } of this.#store.topics(name)) this.#store.removeTopic(name, topic)
  }

  #status(state: InstanceState, version: string | null, trace: string | null): InstanceStatus {
    return { state, trace, version, workerId: this.#workerId, generation: this.#generation() }
  }
}
