import type { Props, TaskProps } from '../../../api/index.ts'
import type {
  ConfigListener,
  ConfigSnapshot,
  ConfigStore,
  RestartRequest,
  SessionKey,
  TargetState,
} from '../ports.ts'

/** Connector settings of a standalone worker, submitted at each start. Source: MemoryConfigBackingStore. */
export class MemoryConfigStore implements ConfigStore {
  readonly #connectors = new Map<string, Props>()
  readonly #targetStates = new Map<string, TargetState>()
  readonly #tasks = new Map<string, readonly TaskProps[]>()
  readonly #applied = new Map<string, Props>()
  #listener: ConfigListener | undefined

  async start(listener: ConfigListener): Promise<void> {
    this.#listener = listener
  }
  async stop(): Promise<void> {}
  async refresh(): Promise<void> {}
  readonly hasWritePrivileges: boolean = true
  async claimWritePrivileges(): Promise<void> {}

  snapshot(): ConfigSnapshot {
    return {
      offset: 0,
      sessionKey: undefined,
      connectors: new Map(this.#connectors),
      targetStates: new Map(this.#targetStates),
      taskCounts: new Map([...this.#tasks].map(([name, tasks]) => [name, tasks.length])),
      taskConfigs: new Map([...this.#tasks].map(([name, tasks]) => [name, new Map(tasks.entries())])),
      inconsistent: new Set(),
      applied: new Map(this.#applied),
      generations: new Map(),
      taskCountRecords: new Map(),
      pendingFencing: new Set(),
    }
  }

  async putConnector(name: string, config: Props, targetState?: TargetState): Promise<void> {
    this.#connectors.set(name, config)
    if (targetState !== undefined || !this.#targetStates.has(name)) {
      this.#targetStates.set(name, targetState ?? 'STARTED')
    }
    if (!this.#tasks.has(name)) this.#tasks.set(name, [])
    this.#listener?.connectorUpdated(name)
  }

  async removeConnector(name: string): Promise<void> {
    const known = this.#connectors.delete(name)
    this.#targetStates.delete(name)
    this.#tasks.delete(name)
    this.#applied.delete(name)
    if (known) this.#listener?.connectorRemoved(name)
  }

  async putTasks(connector: string, configs: readonly TaskProps[]): Promise<void> {
    const config = this.#connectors.get(connector)
    if (config === undefined) return
    this.#tasks.set(connector, configs)
    this.#applied.set(connector, config)
    this.#listener?.tasksUpdated(configs.map((_, task) => ({ connector, task })))
  }

  async putTargetState(connector: string, state: TargetState): Promise<void> {
    const changed = this.#targetStates.get(connector) !== state
    this.#targetStates.set(connector, state)
    if (changed) this.#listener?.targetStateChanged(connector)
  }

  async putSessionKey(key: SessionKey): Promise<void> {
    this.#listener?.sessionKeyUpdated(key)
  }
  async putRestartRequest(request: RestartRequest): Promise<void> {
    this.#listener?.restartRequested(request)
  }
  async putTaskCountRecord(): Promise<void> {}
  async putLoggerLevel(namespace: string, level: string): Promise<void> {
    this.#listener?.loggerLevelChanged(namespace, level)
  }
}
