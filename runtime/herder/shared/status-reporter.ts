import type { InstanceState, InstanceStatus, StatusStore, TaskId } from '../../stores/index.ts'

/** Writes the states of connectors and tasks to the status store, with this worker's ID. */
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

  /** Skips the write when another worker has taken over the connector. */
  connectorSafely(name: string, state: InstanceState, trace: string | null, version: string | null): void {
    this.#store.putConnectorSafely(name, this.#status(state, version, trace))
  }

  task(id: TaskId, state: InstanceState, version: string | null): void {
    this.#store.putTask(id, this.#status(state, version, null))
  }

  taskSafely(id: TaskId, state: InstanceState, trace: string | null, version: string | null): void {
    this.#store.putTaskSafely(id, this.#status(state, version, trace))
  }

  /**
   * As leader: reports that no worker may run a connector or task, with the reason as its trace.
   *
   * Differs: in Kafka Connect, UNASSIGNED has no trace.
   */
  unplaced(
    items: Iterable<{ readonly connector: string; readonly task: number | null }>,
    reasonOf: (connector: string) => string,
  ): void {
    for (const { connector, task } of items) {
      const trace = reasonOf(connector)
      const present = task === null ? this.#store.connector(connector) : this.#store.task({ connector, task })
      if (present?.state === 'UNASSIGNED' && present.trace === trace) continue
      if (task === null) this.connectorSafely(connector, 'UNASSIGNED', trace, null)
      else this.taskSafely({ connector, task }, 'UNASSIGNED', trace, null)
    }
  }

  /** Deletes the statuses of a removed connector. Source: AbstractHerder.onDeletion. */
  connectorDeleted(name: string): void {
    this.#store.removeConnector(name)
    for (const { topic } of this.#store.topics(name)) this.#store.removeTopic(name, topic)
  }

  #status(state: InstanceState, version: string | null, trace: string | null): InstanceStatus {
    return { state, trace, version, workerId: this.#workerId, generation: this.#generation() }
  }
}
