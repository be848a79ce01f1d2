import type { InstanceStatus, SeenStatus, StatusStore, TaskId, TopicStatus } from '../ports.ts'
import { StatusTable } from '../status-table.ts'

/** Statuses of a standalone worker; lost when it ends. */
export class MemoryStatusStore implements StatusStore {
  readonly #table = new StatusTable()
  #topicRemoved: (connector: string) => void = () => {}

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async flush(): Promise<void> {}

  connector(name: string): SeenStatus | undefined {
    return this.#table.connector(name)
  }
  task(id: TaskId): SeenStatus | undefined {
    return this.#table.task(id)
  }
  tasks(connector: string): ReadonlyMap<number, SeenStatus> {
    return this.#table.tasks(connector)
  }
  connectors(): string[] {
    return this.#table.connectors()
  }
  putConnector(name: string, status: InstanceStatus): void {
    this.#table.setConnector(name, status, Date.now())
  }
  putTask(id: TaskId, status: InstanceStatus): void {
    this.#table.setTask(id, status, Date.now())
  }
  putConnectorSafely(name: string, status: InstanceStatus): void {
    this.#table.setConnector(name, status, Date.now())
  }
  putTaskSafely(id: TaskId, status: InstanceStatus): void {
    this.#table.setTask(id, status, Date.now())
  }
  removeConnector(name: string): void {
    this.#table.setConnector(name, undefined, Date.now())
  }
  removeTask(id: TaskId): void {
    this.#table.setTask(id, undefined, Date.now())
  }
  topics(connector: string): TopicStatus[] {
    return this.#table.topics(connector)
  }
  putTopic(status: TopicStatus): void {
    this.#table.setTopic(status.connector, status.topic, status)
  }
  removeTopic(connector: string, topic: string): void {
    this.#table.setTopic(connector, topic, undefined)
    this.#topicRemoved(connector)
  }
  onChange(listener: (status: InstanceStatus | undefined) => void): void {
    this.#table.onChange(listener)
  }
  onTopicRemoved(listener: (connector: string) => void): void {
    this.#topicRemoved = listener
  }
}
