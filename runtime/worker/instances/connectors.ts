import { ConnectError, type Props, type TaskProps } from '../../../api/index.ts'
import { traceOf } from '../../errors/index.ts'
import type { TargetState } from '../../stores/index.ts'
import { within } from '../../timing/index.ts'
import { receivedError } from '../channel.ts'
import type { Dwelling } from '../processes/pool.ts'
import type { HostEvents } from '../protocol.ts'
import type { ConnectorEntry } from './entries.ts'
import { homeOf, isProcessLoss, type InstanceParts } from './home.ts'

const CONNECTOR_STOP_MS = 5000

export interface WorkerConnectorParts extends InstanceParts {
  /** Version of a connector by its class; null when it is not known. */
  versionOf(className: string): string | null
}

/** The connectors that a worker has, each on its way to its target state. Source: WorkerConnector. */
export class WorkerConnectors {
  readonly #parts: WorkerConnectorParts
  readonly #entries = new Map<string, ConnectorEntry>()

  constructor(parts: WorkerConnectorParts) {
    this.#parts = parts
  }

  get all(): Iterable<ConnectorEntry> {
    return this.#entries.values()
  }
  get names(): string[] {
    return [...this.#entries.keys()]
  }
  has(name: string): boolean {
    return this.#entries.has(name)
  }
  isStarted(name: string): boolean {
    return this.#entries.get(name)?.state === 'started'
  }

  /**
   * Takes a connector on, and starts it unless its target says otherwise. Throws what kept it from starting; it is
   * then here all the same, as failed.
   */
  async start(name: string, props: Props, target: TargetState): Promise<void> {
    if (this.#entries.has(name))
      throw new ConnectError('HR_CONNECT', `Connector with name ${name} already exists`)
    const entry: ConnectorEntry = {
      kind: 'connector',
      member: `connector ${name}`,
      owner: this.#parts.newOwner(),
      name,
      props,
      state: 'starting',
      target,
      process: undefined,
      transition: Promise.resolve(),
      version: this.#parts.versionOf(props['connector.class']?.trim() ?? ''),
    }
    this.#entries.set(name, entry)
    await this.#toTarget(entry)
  }

  /** Moves a connector to another target state. Throws when it has failed, or fails on the way. */
  async setTarget(name: string, target: TargetState): Promise<void> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    if (entry.state === 'failed' && target !== 'STOPPED') {
      const message = `Cannot transition connector to ${target} since it has failed`
      throw new ConnectError('HR_CONNECT', message)
    }
    entry.target = target
    await this.#toTarget(entry)
  }

  /** Stops a connector and lets go of it. */
  async stop(name: string): Promise<void> {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    this.#entries.delete(name)
    const failed = entry.state === 'failed'
    await this.#stopInstance(entry)
    this.#parts.pool.release(entry.member)
    if (!failed) this.#parts.listener.connectorShutDown(name, entry.version)
  }

  /** Settings for the tasks of a started connector. Throws `HR_TOO_MANY_TASKS`, and what the connector throws. */
  async taskConfigs(name: string): Promise<TaskProps[]> {
    const { process } = this.#entries.get(name) ?? {}
    if (process === undefined) throw new ConnectError('HR_CONNECT', `Connector ${name} is not started`)
    return process.remote.taskConfigs(name)
  }

  readonly events: Pick<HostEvents, 'connectorFailed' | 'reconfigurationRequested'> = {
    connectorFailed: (name, trace, version) => {
      const entry = this.#entries.get(name)
      if (entry === undefined || entry.state === 'failed') return
      entry.state = 'failed'
      this.#parts.listener.connectorFailed(name, trace, version)
    },
    reconfigurationRequested: (name) => {
      if (this.isStarted(name)) this.#parts.listener.reconfigurationRequested(name)
    },
  }

  /** Its process is gone, and not because of it. */
  restart(entry: ConnectorEntry, dwelling?: Dwelling): void {
    if (entry.state !== 'started') return
    entry.state = 'starting'
    void this.#startInstance(entry, dwelling).catch(() => {}) // told to the listener
  }

  /** Its process is gone because of it. */
  blame(entry: ConnectorEntry, trace: string): void {
    entry.state = 'failed'
    this.#parts.pool.release(entry.member)
    this.#parts.listener.connectorFailed(entry.name, trace, entry.version)
  }

  /** One transition after the other, each to what is wanted by then; one that hangs is not waited for for ever. */
  #toTarget(entry: ConnectorEntry): Promise<void> {
    const transition = within(CONNECTOR_STOP_MS, entry.transition, () => {}).then(() => this.#move(entry))
    entry.transition = transition.catch(() => {}) // told to who asked for it
    return transition
  }

  async #move(entry: ConnectorEntry): Promise<void> {
    const { target } = entry
    if (this.#entries.get(entry.name) !== entry) return
    if (target === 'STARTED') {
      if (entry.state !== 'started') await this.#startInstance(entry)
      return
    }
    const failed = entry.state === 'failed'
    if (!failed) entry.state = 'stopped'
    await this.#stopInstance(entry)
    if (this.#entries.get(entry.name) !== entry) return
    if (target === 'PAUSED') {
      entry.state = 'paused'
      this.#parts.listener.connectorPaused(entry.name, entry.version)
    } else {
      entry.state = failed ? 'failed' : 'stopped'
      if (!failed) this.#parts.listener.connectorStopped(entry.name, entry.version)
    }
  }

  async #startInstance(entry: ConnectorEntry, dwelling?: Dwelling): Promise<void> {
    const { name, owner, props, member } = entry
    const home = dwelling ?? homeOf(this.#parts.pool, entry, member, false)
    entry.process = home.process
    let instantiated = false
    try {
      await home.process.ready
      const { version, failure, ttlMs } = await home.process.remote.startConnector({ name, owner, props })
      if (this.#entries.get(name) !== entry) return
      entry.version = version
      instantiated = true
      if (failure !== undefined) throw receivedError(failure)
      entry.state = 'started'
      this.#parts.listener.connectorRunning(name, version)
      if (ttlMs !== undefined) this.#parts.listener.valuesExpire(name, ttlMs)
    } catch (error) {
      if (!isProcessLoss(error) && this.#entries.get(name) === entry && entry.state !== 'failed') {
        entry.state = 'failed'
        this.#parts.listener.connectorFailed(name, traceOf(error), instantiated ? entry.version : null)
      }
      throw new ConnectError('HR_CONNECT', `Failed to transition connector ${name} to state STARTED`, {
        cause: error,
      })
    }
  }

  async #stopInstance(entry: ConnectorEntry): Promise<void> {
    const { process, name } = entry
    entry.process = undefined
    if (process === undefined) return
    const stopped = process.remote.stopConnector(name).catch(() => {}) // what it throws on stopping changes nothing
    await within(CONNECTOR_STOP_MS, stopped, () => this.#parts.pool.evict(entry.member))
  }
}
