import type { InstanceState, InstanceStatus, SeenStatus, TaskId, TopicStatus } from './ports.ts'

/** Statuses in memory. Removing a connector also removes its tasks. */
export class StatusTable {
  readonly #connectors = new Map<string, SeenStatus>()
  readonly #tasks = new Map<string, Map<number, SeenStatus>>()
  readonly #topics = new Map<string, Map<string, TopicStatus>>()
  #changed: (status: InstanceStatus | undefined) => void = () => {}

  /** Calls the listener with each new status; with undefined when one is removed. */
  onChange(listener: (status: InstanceStatus | undefined) => void): void {
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

  /** The connectors that have a status, or of which a task has one: its owner may write one after a deletion. */
  connectors(): string[] {
    return [...new Set([...this.#connectors.keys(), ...this.#tasks.keys()])]
  }

  /** `at` is the time of the write, in milliseconds since the epoch. */
  setConnector(name: string, status: InstanceStatus | undefined, at: number): void {
    if (status === undefined) {
      this.#connectors.delete(name)
      this.#tasks.delete(name)
    } else {
      this.#connectors.set(name, seen(this.#connectors.get(name), status, at))
    }
    this.#changed(status)
  }

  setTask({ connector, task }: TaskId, status: InstanceStatus | undefined, at: number): void {
    const tasks = this.#tasks.get(connector) ?? new Map<number, SeenStatus>()
    if (status === undefined) tasks.delete(task)
    else this.#tasks.set(connector, tasks.set(task, seen(tasks.get(task), status, at)))
    if (tasks.size === 0) this.#tasks.delete(connector)
    this.#changed(status)
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

/** States from which a running instance has been started rather than resumed. */
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

/**
 * States that end an instance. A worker may report them late, after another worker has taken over the
 * instance.
 */
export const endStates: readonly InstanceState[] = ['UNASSIGNED', 'FAILED']

/**
 * Whether a status is outdated: it reports the end of an instance that a worker of a newer generation has
 * taken over. Other states are accepted regardless of generation, because generations restart at 1 when a
 * group expires.
 *
 * Invariant 5: a worker that has lost its work does not hide the state reported by the current owner.
 *
 * Differs: Java shows such a status of a connector.
 */
export function isOutdated(present: InstanceStatus | undefined, read: InstanceStatus): boolean {
  if (present === undefined || present.workerId === read.workerId) return false
  return present.generation > read.generation && endStates.includes(read.state)
}

/**
 * Whether a worker reports that a task has ended after the next owner has started it.
 *
 * Differs: in Java also the owner's own report counts as late, and a task that has ended is shown as RUNNING.
 */
export function isLate(present: InstanceStatus | undefined, read: InstanceStatus): boolean {
  if (read.state !== 'UNASSIGNED' || present?.state !== 'RUNNING') return false
  return present.generation >= read.generation && present.workerId !== read.workerId
}

/**
 * Whether a worker may overwrite a status: there is none, it is the worker's own, or it is not of a newer
 * generation.
 *
 * Invariant 5: a worker that has lost its work does not hide the state reported by the current owner.
 */
export function mayOverwrite(present: InstanceStatus | undefined, next: InstanceStatus): boolean {
  return present === undefined || present.workerId === next.workerId || present.generation <= next.generation
}
