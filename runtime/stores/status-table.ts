import type { InstanceStatus, TaskId, TopicStatus } from './ports.ts'

/** States in memory. Removing a connector takes its tasks along. */
export class StatusTable {
  readonly #connectors = new Map<string, InstanceStatus>()
  readonly #tasks = new Map<string, Map<number, InstanceStatus>>()
  readonly #topics = new Map<string, Map<string, TopicStatus>>()

  connector(name: string): InstanceStatus | undefined {
    return this.#connectors.get(name)
  }

  task({ connector, task }: TaskId): InstanceStatus | undefined {
    return this.#tasks.get(connector)?.get(task)
  }

  tasks(connector: string): ReadonlyMap<number, InstanceStatus> {
    return new Map([...(this.#tasks.get(connector) ?? [])].toSorted(([a], [b]) => a - b))
  }

  connectors(): string[] {
    return [...this.#connectors.keys()]
  }

  setConnector(name: string, status: InstanceStatus | undefined): void {
    if (status !== undefined) {
      this.#connectors.set(name, status)
      return
    }
    this.#connectors.delete(name)
    this.#tasks.delete(name)
  }

  setTask({ connector, task }: TaskId, status: InstanceStatus | undefined): void {
    const tasks = this.#tasks.get(connector) ?? new Map<number, InstanceStatus>()
    if (status === undefined) tasks.delete(task)
    else this.#tasks.set(connector, tasks.set(task, status))
  }

  topics(connector: string): TopicStatus[] {
    return [...(this.#topics.get(connector)?.values() ?? [])]
  }

  setTopic(connector: string, topic: string, status: TopicStatus | undefined): void {
    const topics = this.#topics.get(connector) ?? new Map<string, TopicStatus>()
    if (status === undefined) topics.delete(topic)
    else this.#topics.set(connector, topics.set(topic, status))
  }
}

/**
 * Whether a worker may write over a status: nobody wrote, it wrote itself, or nobody newer did.
 *
 * Invariant 5: a worker that has lost its work does not hide the state of who has it now.
 */
export function mayOverwrite(present: InstanceStatus | undefined, next: InstanceStatus): boolean {
  return present === undefined || present.workerId === next.workerId || present.generation <= next.generation
}
