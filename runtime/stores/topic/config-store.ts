import { ConnectError, type Logger, type Props, type TaskProps } from '../../../api/index.ts'
import { printJson } from '../../../java/index.ts'
import type { TransactionalProducer } from '../../kafka/index.ts'
import { within } from '../../timing/index.ts'
import { configKeys, ConfigState } from '../config-state.ts'
import type {
  ConfigListener,
  ConfigSnapshot,
  ConfigStore,
  RestartRequest,
  SessionKey,
  TargetState,
} from '../ports.ts'
import type { LogClients } from './log-storage.ts'
import type { LogTopic } from './log-topic.ts'
import type { LogEntry } from './append-entries.ts'
import { LeaderWriter } from './leader-writer.ts'
import { TopicLog } from './topic-log.ts'

const WRITE_TIMEOUT_MS = 30_000

/** The config topic, in the formats of Kafka Connect. Source: KafkaConfigBackingStore. */
export class TopicConfigStore implements ConfigStore {
  readonly #log: TopicLog
  readonly #state: ConfigState
  /** Undefined when the leader writes like any other worker. */
  readonly #leader: LeaderWriter | undefined
  #listener: ConfigListener | undefined

  /** `openLeader` creates the producer of the leader; when omitted, the leader does not write in transactions. */
  constructor(
    topic: LogTopic,
    clients: LogClients,
    log: Logger,
    openLeader?: () => Promise<TransactionalProducer>,
  ) {
    this.#leader = openLeader === undefined ? undefined : new LeaderWriter(topic.topic, openLeader)
    this.#state = new ConfigState(log)
    this.#log = new TopicLog(topic, clients, log, ({ offset, key, value }) => {
      if (key !== null) this.#state.apply(offset, key.toString('utf8'), value, this.#listener)
    })
  }

  async start(listener: ConfigListener): Promise<void> {
    await this.#log.start()
    this.#listener = listener
  }

  async stop(timeoutMs?: number): Promise<void> {
    await Promise.all([this.#leader?.close(), this.#log.stop(timeoutMs)])
  }

  get hasWritePrivileges(): boolean {
    return this.#leader?.claimed ?? true
  }

  async claimWritePrivileges(): Promise<void> {
    await inTime(async (signal) => this.#leader?.claim(signal))
  }

  snapshot(): ConfigSnapshot {
    return this.#state.snapshot()
  }

  refresh(timeoutMs: number): Promise<void> {
    return this.#log.readToEnd(timeoutMs)
  }

  async putConnector(name: string, config: Props, targetState?: TargetState): Promise<void> {
    const state = targetState === undefined ? [] : [targetStateEntry(name, targetState)]
    await this.#put([
      ...state,
      { key: `${configKeys.connector}${name}`, value: printJson({ properties: config }) },
    ])
  }

  async removeConnector(name: string): Promise<void> {
    await this.#put([
      { key: `${configKeys.connector}${name}`, value: null },
      { key: `${configKeys.targetState}${name}`, value: null },
    ])
  }

  /** Writes the commit record only after all settings are stored, because readers wait for it. */
  async putTasks(connector: string, configs: readonly TaskProps[]): Promise<void> {
    const tasks = configs.map((properties, task) => ({
      key: `${configKeys.task}${connector}-${task}`,
      value: printJson({ properties }),
    }))
    if (tasks.length > 0) await this.#put(tasks)
    await this.#put([
      { key: `${configKeys.commit}${connector}`, value: printJson({ tasks: configs.length }) },
    ])
  }

  async putTargetState(connector: string, state: TargetState): Promise<void> {
    await inTime(() => this.#log.write([targetStateEntry(connector, state)]))
  }

  putSessionKey({ key, algorithm, createdAt }: SessionKey): Promise<void> {
    const value = { 'key': key.toString('base64'), algorithm, 'creation-timestamp': createdAt }
    return this.#put([{ key: configKeys.sessionKey, value: printJson(value) }])
  }

  putRestartRequest({ connector, includeTasks, onlyFailed }: RestartRequest): Promise<void> {
    const value = { 'include-tasks': includeTasks, 'only-failed': onlyFailed }
    return this.#put([{ key: `${configKeys.restart}${connector}`, value: printJson(value) }])
  }

  putTaskCountRecord(connector: string, tasks: number): Promise<void> {
    return this.#put([
      { key: `${configKeys.fencing}${connector}`, value: printJson({ 'task-count': tasks }) },
    ])
  }

  async putLoggerLevel(namespace: string, level: string): Promise<void> {
    const entry = { key: `${configKeys.logger}${namespace}`, value: printJson({ level }) }
    await inTime(() => this.#log.write([entry]))
  }

  /** Writes entries as leader and waits until this worker has read them back. */
  async #put(entries: readonly LogEntry[]): Promise<void> {
    const leader = this.#leader
    const position = await inTime((signal) =>
      leader === undefined ? this.#log.write(entries) : leader.write(entries, signal),
    )
    await this.#log.readTo(position, WRITE_TIMEOUT_MS)
  }
}

/** Runs a write, and aborts its signal after the timeout. Throws `HR_REQUEST_TIMEOUT`. */
function inTime<T>(write: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController()
  return within(WRITE_TIMEOUT_MS, write(late.signal), () => {
    const error = new ConnectError('HR_REQUEST_TIMEOUT', 'Timed out writing to the config topic')
    late.abort(error)
    throw error
  })
}

/** Workers that do not support STOPPED read `state` and pause the connector. */
function targetStateEntry(name: string, state: TargetState): LogEntry {
  const value = { 'state': state === 'STOPPED' ? 'PAUSED' : state, 'state.v2': state }
  return { key: `${configKeys.targetState}${name}`, value: printJson(value) }
}
