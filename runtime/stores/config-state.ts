import { type Logger, type Props, type TaskProps } from '../../api/index.ts'
import { parseJson } from '../../java/index.ts'
import type { ConfigListener, ConfigSnapshot, RestartRequest, SessionKey, TargetState } from './ports.ts'

export const configKeys = {
  targetState: 'target-state-',
  connector: 'connector-',
  task: 'task-',
  commit: 'commit-',
  restart: 'restart-connector-',
  fencing: 'tasks-fencing-',
  sessionKey: 'session-key',
  logger: 'logger-cluster-',
} as const

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The state that results from applying the records of the config log in order. Performs no I/O, so that it
 * accepts the records of any worker.
 *
 * Task settings take effect with their commit record: only then are they known to be complete.
 * Source: KafkaConfigBackingStore.ConsumeCallback.
 */
export class ConfigState {
  readonly #log: Logger
  #offset = -1
  #snapshot: ConfigSnapshot | undefined
  #sessionKey: SessionKey | undefined
  readonly #connectors = new Map<string, Props>()
  readonly #targetStates = new Map<string, TargetState>()
  readonly #taskCounts = new Map<string, number>()
  readonly #taskConfigs = new Map<string, Map<number, TaskProps>>()
  readonly #inconsistent = new Set<string>()
  readonly #applied = new Map<string, Props>()
  readonly #generations = new Map<string, number>()
  readonly #taskCountRecords = new Map<string, number>()
  readonly #pendingFencing = new Set<string>()
  readonly #deferred = new Map<string, Map<number, TaskProps>>()

  constructor(log: Logger) {
    this.#log = log
  }

  get offset(): number {
    return this.#offset
  }

  /** Returns the same object until the next record is applied. */
  snapshot(): ConfigSnapshot {
    return (this.#snapshot ??= this.#newSnapshot())
  }

  #newSnapshot(): ConfigSnapshot {
    return {
      offset: this.#offset,
      sessionKey: this.#sessionKey,
      connectors: new Map(this.#connectors),
      targetStates: new Map(this.#targetStates),
      taskCounts: new Map(this.#taskCounts),
      taskConfigs: new Map([...this.#taskConfigs].map(([name, tasks]) => [name, new Map(tasks)])),
      inconsistent: new Set(this.#inconsistent),
      applied: new Map(this.#applied),
      generations: new Map(this.#generations),
      taskCountRecords: new Map(this.#taskCountRecords),
      pendingFencing: new Set(this.#pendingFencing),
    }
  }

  has(connector: string): boolean {
    return this.#connectors.has(connector)
  }

  /** Applies the record at `offset` and notifies the listener, if any, of the changes. */
  apply(offset: number, key: string, bytes: Buffer | null, listener?: ConfigListener): void {
    let value: unknown
    try {
      value = bytes === null ? null : parseJson(bytes.toString('utf8'))
    } catch {
      this.#ignore(key, 'it is not JSON')
      return
    }
    this.#offset = offset + 1
    this.#snapshot = undefined
    const [apply, name] = this.#route(key)
    if (apply === undefined) this.#ignore(key, 'unknown kind of key')
    else apply.call(this, name, value, listener)
  }

  /** Checks key prefixes in Java's order: a connector may be named `target-state-x`. */
  #route(
    key: string,
  ): [((name: string, value: unknown, listener?: ConfigListener) => void) | undefined, string] {
    const routes = [
      [configKeys.targetState, this.#targetState],
      [configKeys.connector, this.#connector],
      [configKeys.task, this.#task],
      [configKeys.commit, this.#commit],
      [configKeys.restart, this.#restart],
      [configKeys.fencing, this.#taskCountRecord],
    ] as const
    for (const [prefix, apply] of routes) if (key.startsWith(prefix)) return [apply, key.slice(prefix.length)]
    if (key === configKeys.sessionKey) return [this.#session, '']
    if (key.startsWith(configKeys.logger)) return [this.#loggerLevel, key.slice(configKeys.logger.length)]
    return [undefined, key]
  }

  #targetState(name: string, value: unknown, listener?: ConfigListener): void {
    const before = this.#targetStates.get(name)
    if (value === null) {
      this.#targetStates.delete(name)
      if (this.#connectors.has(name)) this.#targetStates.set(name, 'STARTED')
      return
    }
    const state = isObject(value) ? targetStateOf(value) : undefined
    if (state === undefined) return this.#ignore(`${configKeys.targetState}${name}`, 'it has no target state')
    this.#targetStates.set(name, state)
    if (state !== before && this.#connectors.has(name)) listener?.targetStateChanged(name)
  }

  #connector(name: string, value: unknown, listener?: ConfigListener): void {
    if (value === null) {
      this.#forget(name)
      listener?.connectorRemoved(name)
      return
    }
    const properties = isObject(value) ? value['properties'] : undefined
    if (!isObject(properties)) return this.#ignore(`${configKeys.connector}${name}`, 'it has no properties')
    this.#connectors.set(name, properties as Props)
    if (!this.#targetStates.has(name)) this.#targetStates.set(name, 'STARTED')
    listener?.connectorUpdated(name)
  }

  #task(name: string, value: unknown): void {
    const dash = name.lastIndexOf('-')
    const number = Number(name.slice(dash + 1))
    const properties = isObject(value) ? value['properties'] : undefined
    if (dash <= 0 || !Number.isInteger(number) || !isObject(properties)) {
      return this.#ignore(`${configKeys.task}${name}`, 'it has no task number or no properties')
    }
    const connector = name.slice(0, dash)
    const deferred = this.#deferred.get(connector) ?? new Map<number, TaskProps>()
    this.#deferred.set(connector, deferred.set(number, properties as TaskProps))
  }

  #commit(name: string, value: unknown, listener?: ConfigListener): void {
    const config = this.#connectors.get(name)
    if (config === undefined) return this.#forget(name) // the connector was deleted; compaction has not removed this record yet
    const count = isObject(value) ? value['tasks'] : undefined
    if (typeof count !== 'number')
      return this.#ignore(`${configKeys.commit}${name}`, 'it has no number of tasks')
    const deferred = this.#deferred.get(name)
    const complete = Array.from({ length: count }, (_, task) => task).every(
      (task) => deferred?.has(task) === true,
    )
    const updated: number[] = []
    if (complete) {
      if (deferred !== undefined) {
        const tasks = this.#taskConfigs.get(name) ?? new Map<number, TaskProps>()
        for (const [task, properties] of deferred) tasks.set(task, properties)
        this.#taskConfigs.set(name, tasks)
        updated.push(...deferred.keys())
        this.#generations.set(name, (this.#generations.get(name) ?? -1) + 1)
      }
      this.#inconsistent.delete(name)
      this.#applied.set(name, config)
    } else {
      this.#inconsistent.add(name)
    }
    deferred?.clear()
    this.#taskCounts.set(name, count)
    this.#pendingFencing.add(name)
    listener?.tasksUpdated(updated.map((task) => ({ connector: name, task })))
  }

  #restart(connector: string, value: unknown, listener?: ConfigListener): void {
    if (!isObject(value)) return this.#ignore(`${configKeys.restart}${connector}`, 'it is not an object')
    const request: RestartRequest = {
      connector,
      onlyFailed: value['only-failed'] === true,
      includeTasks: value['include-tasks'] === true,
    }
    listener?.restartRequested(request)
  }

  #taskCountRecord(name: string, value: unknown): void {
    const count = isObject(value) ? value['task-count'] : undefined
    if (typeof count !== 'number')
      return this.#ignore(`${configKeys.fencing}${name}`, 'it has no number of tasks')
    this.#taskCountRecords.set(name, count)
    this.#pendingFencing.delete(name)
  }

  #session(_name: string, value: unknown, listener?: ConfigListener): void {
    const { key, algorithm, 'creation-timestamp': createdAt } = isObject(value) ? value : ({} as Json)
    if (typeof key !== 'string' || typeof algorithm !== 'string' || typeof createdAt !== 'number') {
      return this.#ignore(configKeys.sessionKey, 'it is not complete')
    }
    this.#sessionKey = { key: Buffer.from(key, 'base64'), algorithm, createdAt }
    listener?.sessionKeyUpdated(this.#sessionKey)
  }

  #loggerLevel(namespace: string, value: unknown, listener?: ConfigListener): void {
    const level = isObject(value) ? value['level'] : undefined
    if (typeof level !== 'string') return this.#ignore(`${configKeys.logger}${namespace}`, 'it has no level')
    listener?.loggerLevelChanged(namespace, level)
  }

  #forget(name: string): void {
    this.#connectors.delete(name)
    this.#taskCounts.delete(name)
    this.#taskConfigs.delete(name)
    this.#deferred.delete(name)
    this.#applied.delete(name)
  }

  #ignore(key: string, why: string): void {
    this.#log.error(`ignoring a record of the config topic: ${why}`, { key })
  }
}

/** Prefers `state.v2`, which supports STOPPED; older workers wrote only `state`. */
function targetStateOf(value: Json): TargetState | undefined {
  const text = value['state.v2'] ?? value['state']
  return text === 'STARTED' || text === 'PAUSED' || text === 'STOPPED' ? text : undefined
}
