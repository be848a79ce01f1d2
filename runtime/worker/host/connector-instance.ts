import {
  ConnectError,
  reasonOf,
  type Connector,
  type ConnectorContext,
  type Logger,
  type Props,
  type RunningConnector,
  type SourceConnectorContext,
  type TaskProps,
} from '../../../api/index.ts'
import { commonConfig, parseConfig, withoutNulls } from '../../../config/index.ts'
import { traceOf } from '../../errors/index.ts'
import { connectorWarnings, refuseExactlyOnce, requireVersion } from '../../validation/index.ts'
import { sentError } from '../channel.ts'
import type { ConnectorStart, ConnectorStarted, Owner } from '../protocol.ts'
import { CallWatch, RESOLVING } from './call-watch.ts'
import { resolved, type HostEnvironment } from './environment.ts'
import { lastOffsetsOf } from './setup/source-offsets.ts'
import { checkTaskCount, maxTasks } from './setup/task-count.ts'
import { permittedTopicGroups } from './setup/topic-groups.ts'

/** A connector started in this process. */
export class ConnectorInstance {
  readonly owner: Owner
  readonly run: number
  readonly #name: string
  readonly #environment: HostEnvironment
  readonly #log: Logger
  readonly #watch: CallWatch
  #running: RunningConnector | undefined
  #taskClass = ''
  #version: string | null = null
  #props: TaskProps = {}
  #started: Promise<ConnectorStarted> | undefined
  #stopped = false

  constructor(
    { name, owner, run }: Pick<ConnectorStart, 'name' | 'owner' | 'run'>,
    environment: HostEnvironment,
  ) {
    this.#name = name
    this.owner = owner
    this.run = run
    this.#environment = environment
    this.#log = environment.loggers.logger('headrace.connector', { connector: name })
    this.#watch = new CallWatch(`connector ${name}`, this.#log, (blocked) =>
      environment.events.connectorBlocked(name, run, blocked),
    )
  }

  /** Rejects when no connector can be created from the settings, or when it is stopped during the start. */
  start(props: Props): Promise<ConnectorStarted> {
    this.#started = this.#start(props)
    return this.#started
  }

  async #start(props: Props): Promise<ConnectorStarted> {
    const { registry, worker } = this.#environment
    const { props: own, ttlMs } = await this.#watch.during(RESOLVING, () =>
      resolved(this.#environment, props),
    )
    const plugin = registry.connector(own['connector.class'] ?? '')
    parseConfig(commonConfig(), own)
    requireVersion(plugin, 'connector.plugin.version', own['connector.plugin.version'])
    await this.#warnOfSettings(own)
    if (plugin.kind === 'source') {
      refuseExactlyOnce(own, worker)
      permittedTopicGroups(worker, own)
    }
    this.#taskClass = plugin.taskClass
    this.#version = plugin.version
    this.#props = withoutNulls(own)
    const start = this.#starter(plugin, own)
    this.#refuseIfStopped()
    try {
      this.#running = await this.#watch.during('start()', () => this.#call(start))
      this.#refuseIfStopped() // `stop` awaits the start, then stops the instance
      this.#log.info('the connector is running', { class: plugin.name, version: plugin.version })
      const reload = this.#props['config.action.reload']?.trim() !== 'none'
      return { version: plugin.version, failure: undefined, ttlMs: reload ? ttlMs : undefined }
    } catch (error) {
      return { version: plugin.version, failure: sentError(error), ttlMs: undefined }
    }
  }

  /** Warns once per start of settings without effect: as in Kafka Connect, misspelled ones are accepted. */
  async #warnOfSettings(own: Props): Promise<void> {
    const { registry, worker } = this.#environment
    const warnings = await connectorWarnings(registry, worker, own)
    if (warnings.length === 0) return
    const settings = warnings.map(({ name, message }) => `${name}: ${message}`)
    this.#log.warn('some settings of the connector need attention', { settings })
  }

  /** Parses the plugin's settings, and returns the call that starts it. */
  #starter(plugin: Connector, own: Props): () => RunningConnector | Promise<RunningConnector> {
    const { loggers, events } = this.#environment
    const config = parseConfig(plugin.config, own)
    const context: ConnectorContext = {
      props: this.#props,
      log: loggers.logger(plugin.name, { connector: this.#name }),
      requestTaskReconfiguration: () => {
        if (!this.#stopped) events.reconfigurationRequested(this.#name, this.run)
      },
      fail: (error) => this.fail(error),
    }
    if (plugin.kind === 'sink') return () => plugin.start(config, context)
    const id = { connector: this.#name, task: 0 }
    const owner = { id, connectorProps: own, log: this.#log }
    const sourceContext: SourceConnectorContext = {
      ...context,
      lastOffsets: lastOffsetsOf(this.#environment, owner),
    }
    return () => plugin.start(config, sourceContext)
  }

  #refuseIfStopped(): void {
    if (this.#stopped)
      throw new ConnectError('HR_CONNECT', `Connector ${this.#name} was stopped while it was starting`)
  }

  /**
   * Returns the settings of its tasks, including those that Kafka Connect adds.
   *
   * Throws `HR_TOO_MANY_TASKS`, which also fails the connector. Source: Worker.connectorTaskConfigs,
   * KIP-1004.
   */
  async taskConfigs(): Promise<TaskProps[]> {
    const running = this.#running
    if (running === undefined) throw new ConnectError('HR_CONNECT', `Connector ${this.#name} is not started`)
    const max = maxTasks(this.#props)
    const configs = await this.#watch.during('taskConfigs()', () =>
      this.#call(() => running.taskConfigs(max)),
    )
    try {
      checkTaskCount(this.#name, configs.length, this.#props, this.#log)
    } catch (error) {
      this.fail(error)
      throw error
    }
    const { topics, 'topics.regex': regex } = this.#props
    return configs.map((config) => ({
      ...config,
      'task.class': this.#taskClass,
      ...(topics === undefined ? {} : { topics }),
      ...(regex === undefined ? {} : { 'topics.regex': regex }),
    }))
  }

  /** Stops the connector. Waits for a start in progress first, and then stops its result. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#watch.close()
    await this.#started?.catch(() => {}) // reported to the caller of the start
    const running = this.#running
    if (running === undefined) return
    this.#running = undefined
    await this.#call(async () => running.stop?.())
    this.#log.info('the connector has stopped')
  }

  fail(error: unknown): void {
    if (this.#stopped) return
    this.#environment.events.connectorFailed(this.#name, this.run, traceOf(error), this.#version)
    this.#log.error('the connector failed; it stays failed until it is restarted', {
      reason: reasonOf(error),
      err: error,
    })
  }

  #call<T>(call: () => T | Promise<T>): Promise<T> {
    const { scope } = this.#environment
    return scope.within(this.owner, () => scope.calls(this.owner).run(call))
  }
}
