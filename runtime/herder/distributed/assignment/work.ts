import { taskName, type TaskId } from '../../../stores/index.ts'

/** Connectors and tasks: an assignment or a revocation. */
export interface Work {
  readonly connectors: readonly string[]
  readonly tasks: readonly TaskId[]
}

export const noWork: Work = Object.freeze({ connectors: [], tasks: [] })

/** Work as sets. Tasks are represented by their names. */
export class WorkSet {
  readonly connectors: Set<string>
  readonly tasks: Map<string, TaskId>

  constructor({ connectors, tasks }: Work = noWork) {
    this.connectors = new Set(connectors)
    this.tasks = new Map(tasks.map((id) => [taskName(id), id]))
  }

  get isEmpty(): boolean {
    return this.connectors.size === 0 && this.tasks.size === 0
  }

  add(other: Work | WorkSet): this {
    const { connectors, tasks } = other instanceof WorkSet ? other : new WorkSet(other)
    for (const name of connectors) this.connectors.add(name)
    for (const [key, id] of tasks) this.tasks.set(key, id)
    return this
  }

  minus(other: WorkSet): WorkSet {
    return this.#filtered(
      (name) => !other.connectors.has(name),
      (key) => !other.tasks.has(key),
    )
  }

  and(other: WorkSet): WorkSet {
    return this.#filtered(
      (name) => other.connectors.has(name),
      (key) => other.tasks.has(key),
    )
  }

  copy(): WorkSet {
    return new WorkSet(this.toWork())
  }

  toWork(): Work {
    return { connectors: [...this.connectors], tasks: [...this.tasks.values()] }
  }

  #filtered(keepsConnector: (name: string) => boolean, keepsTask: (key: string) => boolean): WorkSet {
    return new WorkSet({
      connectors: [...this.connectors].filter(keepsConnector),
      tasks: [...this.tasks].flatMap(([key, id]) => (keepsTask(key) ? [id] : [])),
    })
  }
}
