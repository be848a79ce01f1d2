import type { InstanceState, InstanceStatus, SeenStatus, TaskId, TopicStatus } from './ports.ts'

/** States in memory. Removing a connector takes its tasks along. */
export class StatusTable {
  readonly #connectors = new Map<string, SeenStatus>()
  readonly #tasks = new Map<string, Map<number, SeenStatus>>()
  readonly #topics = new Map<string, Map<string, TopicStatus>>()
  #changed: () => void = () => {}

  /** Calls the listener after each change of a state. */
  onChange(listener: () => void): void {
    this.#changed = listener
  }

  connector(name: string): SeenStatus | undefined {
    return this.#connectors.get(name)
  }

  task({ connector, task }: TaskId): SeenStatus | undefined {
    return this.#tasks.get(connector)?.get(task)
  }

  tasks(connector: string): ReadonlyMap<number, SeenStatus> {
    return new Map([...(this.#tasks.get(connector) ?? [])].toSorted(([a], [b]) => a - b))
  }

  connectors(): string[] {
    return [...this.#connectors.keys()]
  }

  /** `at` is when it was written, in milliseconds since the epoch. */
  setConnector(name: string, status: InstanceStatus | undefined, at: number): void {
    if (status === undefined) {
      this.#connectors.delete(name)
      this.#tasks.delete(name)
    } else {
      this.#connectors.set(name, seen(this.#connectors.get(name), status, at))
    }
    this.#changed()
  }

  setTask({ connector, task }: TaskId, status: InstanceStatus | undefined, at: number): void {
    const tasks = this.#tasks.get(connector) ?? new Map<number, SeenStatus>()
    if (status === undefined) tasks.delete(task)
    else this.#tasks.set(connector, tasks.set(task, seen(tasks.get(task), status, at)))
    this.#changed()
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

/** States out of which an instance that runs has been started, not resumed. */
const startedFrom: readonly InstanceState[] = ['UNASSIGNED', 'RESTARTING', 'FAILED']

function seen(before: SeenStatus | undefined, status: InstanceStatus, at: number): SeenStatus {
  const { state } = status
  if (before === undefined) return { ...status, since: at, restarts: 0 }
  const started = state === 'RUNNING' && startedFrom.includes(before.state)
  return {
    ...status,
    since: before.state === state ? before.since : at,
    restarts: before.restarts + (started ? 1 : 0),
  }
}

/** How the report of an instance ends. A worker may also report these for an instance that another worker has by now. */
export const endStates: readonly InstanceState[] = ['UNASSIGNED', 'FAILED']

/**
 * Whether a status was read too late: its worker reports the end of an instance that a worker of a newer generation has
 * taken over. Other states are believed, since generations begin again at 1 when a group has expired.
 *
 * Invariant 5: a worker that has lost its work does not hide the state of who has it now.
 *
 * Differs: Java shows such a status of a connector.
 */
export function isOutdated(present: InstanceStatus | undefined, read: InstanceStatus): boolean {
  if (present === undefined || present.workerId === read.workerId) return false
  return present.generation > read.generation && endStates.includes(read.state)
}

/**
 * Whether a worker may write over a status: nobody wrote, it wrote itself, or nobody newer did.
 *
 * Invariant 5: a worker that has lost its work does not hide the state of who has it now.
 */
export function mayOverwrite(present: InstanceStatus | undefined, next: InstanceStatus): boolean {
  return present === undefined || present.workerId === next.workerId || present.generation <= next.generation
}
