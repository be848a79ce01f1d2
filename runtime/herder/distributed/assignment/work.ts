import { taskName, type TaskId } from '../../../stores/index.ts'

/** Connectors and tasks: an assignment or a revocation. */
export interface Work {
  readonly connectors: readonly string[]
  readonly tasks: readonly TaskId[]
}

/** A connector, or one of its tasks. */
export interface Item {
  readonly connector: string
  /** Null for the connector itself. */
  readonly task: number | null
}

export const isBefore = (a: Item, b: Item): boolean =>
  a.connector === b.connector ? (a.task ?? -1) < (b.task ?? -1) : a.connector < b.connector

/** Identifies a connector or task among all. */
export const itemKey = ({ connector, task }: Item): string =>
  task === null ? `connector ${connector}` : taskName({ connector, task })

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

  /** Adds connectors and tasks one by one. */
  addItems(items: Iterable<Item>): this {
    for (const { connector, task } of items) {
      if (task === null) this.connectors.add(connector)
      else this.tasks.set(taskName({ connector, task }), { connector, task })
    }
    return this
  }

  /** All connectors and tasks, or those of one kind. */
  items(kind?: 'connectors' | 'tasks'): Item[] {
    const connectors = [...this.connectors].map((connector) => ({ connector, task: null }))
    const tasks = [...this.tasks.values()]
    return kind === 'connectors' ? connectors : kind === 'tasks' ? tasks : [...connectors, ...tasks]
  }

  /** The part that belongs to connectors with a property. */
  ofConnectors(have: (connector: string) => boolean): WorkSet {
    return this.#filtered(have, (_, { connector }) => have(connector))
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

  #filtered(
    keepsConnector: (name: string) => boolean,
    keepsTask: (key: string, id: TaskId) => boolean,
  ): WorkSet {
    return new WorkSet({
      connectors: [...this.connectors].filter(keepsConnector),
      tasks: [...this.tasks].flatMap(([key, id]) => (keepsTask(key, id) ? [id] : [])),
    })
  }
}
