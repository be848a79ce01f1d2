import { messageOf, type Logger } from '../../../api/index.ts'
import { parseJson, printJson } from '../../../java/index.ts'
import { OwnStatuses } from '../own-statuses.ts'
import type { InstanceState, InstanceStatus, SeenStatus, StatusStore, TaskId, TopicStatus } from '../ports.ts'
import { isLate, isOutdated, mayOverwrite, StatusTable } from '../status-table.ts'
import { openLogStorage, type LogClients } from './log-storage.ts'
import type { LogRecord } from './log-reader.ts'
import type { LogTopic } from './log-topic.ts'
import { TopicLog } from './topic-log.ts'

const CONNECTOR = 'status-connector-'
const TASK = 'status-task-'
const TOPIC = 'status-topic-'
const TOPIC_SEPARATOR = ':connector-'
/** No caller waits for a status, and they come in bursts: fewer requests mean fewer responses and fetches. */
const LINGER_MS = '10'

/**
 * The status topic, in the formats of Kafka Connect. A status becomes visible only once it is read back, so
 * that all workers see the same.
 *
 * Source: KafkaStatusBackingStore.
 */
export class TopicStatusStore implements StatusStore {
  readonly #log: TopicLog
  readonly #logger: Logger
  readonly #table = new StatusTable()
  readonly #own = new OwnStatuses()
  #topicRemoved: (connector: string) => void = () => {}
  #writes: Promise<void> = Promise.resolve()
  /** The states that were not written because the store was stopped, for the log. */
  #unwritten: { readonly count: number; readonly reason: string } | undefined
  /** Once set, late events of instances are not written. */
  #stopped = false

  constructor(topic: LogTopic, clients: LogClients, log: Logger, open = openLogStorage) {
    this.#logger = log
    const lingering = { ...clients, producer: { 'linger.ms': LINGER_MS, ...clients.producer } }
    const apply = ({ key, value, timestamp }: LogRecord) => {
      if (key !== null) this.#apply(key.toString('utf8'), value, timestamp)
    }
    this.#log = new TopicLog(topic, lingering, log, apply, open)
  }

  start(): Promise<void> {
    return this.#log.start()
  }
  async stop(timeoutMs?: number): Promise<void> {
    this.#stopped = true
    await this.#log.stop(timeoutMs)
    await this.#writes
    if (this.#unwritten === undefined) return
    this.#logger.warn(
      'the latest states of some connectors and tasks are not stored; the next worker that runs them stores new ones',
      this.#unwritten,
    )
  }
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
  topics(connector: string): TopicStatus[] {
    return this.#table.topics(connector)
  }

  putConnector(name: string, status: InstanceStatus): void {
    this.#put(`${CONNECTOR}${name}`, status)
  }
  putTask({ connector, task }: TaskId, status: InstanceStatus): void {
    this.#put(`${TASK}${connector}-${task}`, status)
  }
  putConnectorSafely(name: string, status: InstanceStatus): void {
    if (mayOverwrite(this.#table.connector(name), status)) this.putConnector(name, status)
  }
  putTaskSafely(id: TaskId, status: InstanceStatus): void {
    if (mayOverwrite(this.#table.task(id), status)) this.putTask(id, status)
  }
  removeConnector(name: string): void {
    this.#write(`${CONNECTOR}${name}`, null)
  }
  removeTask({ connector, task }: TaskId): void {
    this.#write(`${TASK}${connector}-${task}`, null)
  }
  putTopic({ topic, connector, task, discoveredAt }: TopicStatus): void {
    const value = { topic: { name: topic, connector, task, discoverTimestamp: discoveredAt } }
    this.#write(`${TOPIC}${topic}${TOPIC_SEPARATOR}${connector}`, printJson(value))
  }
  removeTopic(connector: string, topic: string): void {
    this.#write(`${TOPIC}${topic}${TOPIC_SEPARATOR}${connector}`, null)
  }

  onChange(listener: (status: InstanceStatus | undefined) => void): void {
    this.#table.onChange(listener)
  }
  onTopicRemoved(listener: (connector: string) => void): void {
    this.#topicRemoved = listener
  }

  flush(): Promise<void> {
    return this.#writes
  }

  #put(key: string, status: InstanceStatus): void {
    this.#own.put(key, status)
    this.#write(key, statusText(status))
  }

  /** Writes in the background and logs a failure, since no caller waits for a status. */
  #write(key: string, value: string | null): void {
    if (this.#stopped) return
    const written = this.#log.write([{ key, value }]).catch((error: unknown) => {
      const reason = messageOf(error)
      if (this.#stopped) this.#unwritten = { count: (this.#unwritten?.count ?? 0) + 1, reason }
      else this.#logger.error('cannot write a status', { key, reason })
    })
    this.#writes = Promise.all([this.#writes, written]).then(() => {})
  }

  #apply(key: string, bytes: Buffer | null, at: number): void {
    try {
      if (key.startsWith(CONNECTOR)) this.#applyConnector(key, readStatus(bytes), at)
      else if (key.startsWith(TASK)) this.#applyTask(key, readStatus(bytes), at)
      else if (key.startsWith(TOPIC)) this.#applyTopic(key.slice(TOPIC.length), bytes)
      else this.#logger.warn('ignoring a record of the status topic: unknown kind of key', { key })
    } catch (error) {
      this.#logger.error('ignoring a record of the status topic', { key, reason: messageOf(error) })
    }
  }

  #applyConnector(key: string, status: InstanceStatus | undefined, at: number): void {
    const name = key.slice(CONNECTOR.length)
    if (status === undefined || !isOutdated(this.#table.connector(name), status)) {
      this.#table.setConnector(name, status, at)
    }
    this.#repair(key, status)
  }

  #applyTask(key: string, status: InstanceStatus | undefined, at: number): void {
    const name = key.slice(TASK.length)
    const dash = name.lastIndexOf('-')
    const id = { connector: name.slice(0, dash), task: Number(name.slice(dash + 1)) }
    if (dash <= 0 || !Number.isInteger(id.task)) {
      this.#logger.warn('ignoring a record of the status topic: its key has no task number', { key: name })
      return
    }
    const present = this.#table.task(id)
    const outdated = status !== undefined && (isOutdated(present, status) || isLate(present, status))
    if (!outdated) this.#table.setTask(id, status, at)
    this.#repair(key, status)
  }

  #repair(key: string, read: InstanceStatus | undefined): void {
    const own = this.#own.toRepair(key, read)
    if (own === undefined || read === undefined) return
    this.#logger.debug('replacing the status that a previous owner of the instance wrote', {
      key,
      state: own.state,
      outdatedState: read.state,
      outdatedWorker: read.workerId,
    })
    this.#write(key, statusText(own))
  }

  #applyTopic(name: string, bytes: Buffer | null): void {
    const separator = name.indexOf(':')
    const topic = name.slice(0, separator)
    const connector = name.slice(separator + TOPIC_SEPARATOR.length)
    this.#table.setTopic(connector, topic, bytes === null ? undefined : readTopic(bytes))
    if (bytes === null) this.#topicRemoved(connector)
  }
}

function statusText({ state, trace, workerId, generation, version }: InstanceStatus): string {
  return printJson({ state, trace, worker_id: workerId, generation, version })
}

function readStatus(bytes: Buffer | null): InstanceStatus | undefined {
  if (bytes === null) return undefined
  const { state, trace, worker_id, generation, version } = parseJson(bytes.toString('utf8')) as {
    state: InstanceState | 'DESTROYED'
    trace?: string | null
    worker_id: string
    generation: number
    version?: string | null
  }
  if (state === 'DESTROYED') return undefined
  return { state, trace: trace ?? null, workerId: worker_id, generation, version: version ?? null }
}

function readTopic(bytes: Buffer): TopicStatus {
  const { topic } = parseJson(bytes.toString('utf8')) as {
    topic: { name: string; connector: string; task: number; discoverTimestamp: number }
  }
  return {
    topic: topic.name,
    connector: topic.connector,
    task: topic.task,
    discoveredAt: topic.discoverTimestamp,
  }
}
