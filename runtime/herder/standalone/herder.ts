import { ConnectError, type Props, type TaskProps } from '../../../api/index.ts'
import type { LogLevel } from '../../telemetry/index.ts'
import { taskName, type RestartRequest, type TargetState, type TaskId } from '../../stores/index.ts'
import type {
  ConnectorInfo,
  ConnectorOffset,
  ConnectorStateInfo,
  Herder,
  HerderCommands,
  PutOptions,
} from '../herder.ts'
import { composeHerder } from '../shared/compose.ts'
import { HerderCore, type HerderParts } from '../shared/herder-core.ts'
import { onPresentConfig, refuseOutdated } from '../shared/patch.ts'
import { checkingPlacement } from '../shared/placement-check.ts'
import { atMost, STEP_MS, stopDeadline } from '../shared/stop-waits.ts'
import { taskConfigsChanged, taskDefinition, tasksOf } from '../shared/task-configs.ts'
import { withChanges, withName } from '../shared/validation.ts'
import { notFound } from '../shared/views.ts'

/** Time that a stop keeps to write the offsets and to end the task processes. */
const CLOSE_MS = 1000

const NO_CLUSTER = 'a standalone worker has no other workers; remove the setting'

const nothing = (): void => {}

/**
 * Creates the herder of a standalone worker without starting it. `gracefulStopMs`: time for all tasks together to stop
 * gracefully; the worker stops at most three seconds after it. Source: StandaloneHerder.
 */
export function standaloneHerder(parts: HerderParts, gracefulStopMs: number): Herder {
  const commands = new StandaloneCommands(parts, gracefulStopMs)
  return composeHerder(commands.core, commands)
}

/**
 * Executes requests immediately, one at a time. They do not wait for connectors, which may take long.
 */
class StandaloneCommands implements HerderCommands {
  readonly core: HerderCore
  readonly #gracefulStopMs: number
  #turn: Promise<unknown> = Promise.resolve()
  #resolveEnd: () => void = () => {}
  readonly #end = new Promise<void>((resolve) => (this.#resolveEnd = resolve))
  #ready = false

  constructor({ runtime, ...parts }: HerderParts, gracefulStopMs: number) {
    this.#gracefulStopMs = gracefulStopMs
    const checked = { ...runtime, ...checkingPlacement(runtime, async () => NO_CLUSTER) }
    this.core = new HerderCore(
      { ...parts, runtime: checked },
      {
        generation: () => 0,
        publish: (name, made) => this.#serially(() => this.#publish(name, made)),
        renewValues: (name) => {
          this.restartConnector(name).catch(() => {}) // reported as its state
        },
        // Not called: tasks of a standalone worker do not write in transactions
        fence: async () => {},
        verifyTask: async () => {},
      },
    )
  }

  get ready(): boolean {
    return this.#ready
  }
  get stage(): string {
    return this.core.stages.summary()
  }
  readonly cluster = undefined

  async start(): Promise<void> {
    const { configs, statuses, offsets, runtime } = this.core.parts
    const changed = () => this.core.changed.notify()
    await configs.start({
      connectorUpdated: changed,
      connectorRemoved: changed,
      tasksUpdated: changed,
      targetStateChanged: changed,
      sessionKeyUpdated: nothing,
      restartRequested: nothing,
      loggerLevelChanged: nothing,
    })
    await this.core.stages.during('reading the offset file', async () => {
      await statuses.start()
      await offsets.start()
    })
    await runtime.discover()
    this.#ready = true
  }

  /** Resolves when the worker has been stopped. */
  ended(): Promise<void> {
    return this.#end
  }

  /** A step that does not end, or tasks that do not stop, delay it for a limited time. */
  async stop(): Promise<void> {
    const { stopped, worker, deletionNotices, parts } = this.core
    stopped.abort()
    const leftMs = stopDeadline(this.#gracefulStopMs)
    const running = this.#turn // steps that wait are rejected
    await atMost(STEP_MS, running)
    const noticesClosed = running.then(() => deletionNotices.close()) // the step may delete a connector
    await atMost(leftMs() - CLOSE_MS, Promise.all([worker.stopAll(), noticesClosed]))
    await atMost(leftMs() / 2, parts.offsets.stop())
    await atMost(leftMs(), parts.runtime.close())
    this.#resolveEnd()
  }

  healthy(): Promise<void> {
    return this.#serially(() => {})
  }

  async put(name: string, config: Props, options: PutOptions) {
    return this.#putValid(name, withName(name, config), options)
  }

  patch(name: string, changes: Props): Promise<ConnectorInfo> {
    const { views } = this.core
    return onPresentConfig(async () => {
      const base = views.config(name)
      const check = () => refuseOutdated(views.config(name), base)
      return (await this.#putValid(name, withChanges(base, changes), { mayReplace: true }, check)).info
    })
  }

  delete(name: string): Promise<void> {
    return this.#serially(async () => {
      const config = this.core.configState.connectors.get(name)
      if (config === undefined) throw notFound(`Connector ${name} not found`)
      await this.#removeTasks(name)
      await this.core.worker.stopConnector(name)
      this.core.reporter.connectorDeleted(name)
      await this.core.parts.configs.removeConnector(name)
      this.core.deletionNotices.add(name, config)
      this.core.deletionNotices.stopped(() => false)
    })
  }

  async restartConnector(name: string): Promise<void> {
    await this.#serially(async () => {
      if (!this.core.hasConnector(name)) throw notFound(`Connector ${name} not found`)
      await this.core.worker.stopConnector(name)
    })
    await this.core.lifecycle.startWithTasks(name)
  }

  restartTask(id: TaskId): Promise<void> {
    return this.#serially(async () => {
      if (!this.core.hasConnector(id.connector)) throw notFound(`Connector ${id.connector} not found`)
      if (!this.#tasks(id.connector).some(({ task }) => task === id.task))
        throw notFound(`Task ${taskName(id)} not found`)
      await this.core.lifecycle.restartTask(id)
    })
  }

  restart(request: RestartRequest): Promise<ConnectorStateInfo> {
    return this.#serially(async () => {
      const { connector } = request
      if (!this.core.hasConnector(connector)) throw notFound(`Unknown connector: ${connector}`)
      const plan = this.core.views.restartPlan(request)
      await this.core.lifecycle.restart(plan)
      return plan
    })
  }

  setTargetState(name: string, state: TargetState): Promise<void> {
    return this.#serially(async () => {
      if (!this.core.hasConnector(name)) throw notFound(`Unknown connector ${name}`)
      if (state === 'STOPPED') await this.#removeTasks(name)
      await this.core.parts.configs.putTargetState(name, state)
      this.core.lifecycle.followTarget(name)
    })
  }

  /** Calls the connector outside of the queue, since it may take long. */
  async changeOffsets(name: string, offsets: readonly ConnectorOffset[] | null): Promise<boolean> {
    await this.#serially(() => this.core.connectorOffsets.refuseUnlessStopped(name))
    return this.core.connectorOffsets.change(name, offsets)
  }

  async putTaskConfigs(): Promise<void> {
    const message =
      'Kafka Connect in standalone mode does not support externally setting task configurations.'
    throw new ConnectError('HR_UNSUPPORTED', message)
  }
  async fence(): Promise<void> {
    const message = 'Kafka Connect in standalone mode does not support exactly-once source connectors.'
    throw new ConnectError('HR_UNSUPPORTED', message)
  }

  /** A standalone worker is the whole cluster. */
  async setClusterLogLevel(namespace: string, level: LogLevel): Promise<void> {
    this.core.setLogLevel(namespace, level)
  }

  /** `check` is called right before the config is written. */
  async #putValid(name: string, config: Props, { mayReplace, initialState }: PutOptions, check = () => {}) {
    await this.core.parts.runtime.requireValid(config)
    const inTurn = <T>(step: () => T | Promise<T>) => this.#serially(step)
    const created = await this.core.deletionNotices.writeOnceHandled(name, inTurn, async () => {
      check()
      const known = this.core.hasConnector(name)
      if (known && !mayReplace)
        throw new ConnectError('HR_ALREADY_EXISTS', `Connector ${name} already exists`)
      if (known) await this.core.worker.stopConnector(name)
      await this.core.parts.configs.putConnector(name, config, initialState)
      return !known
    })
    await this.core.lifecycle.startConnector(name)
    await this.core.reconfiguration.once(name)
    return { created, info: this.core.views.info(name) }
  }

  #tasks(name: string): TaskId[] {
    return tasksOf(this.core.configState, name)
  }

  /** Stores task configs and restarts the tasks whose configs have changed. */
  async #publish(name: string, made: readonly TaskProps[]): Promise<void> {
    const { configs, log } = this.core.parts
    if (!this.core.worker.isStarted(name)) return
    if (taskConfigsChanged(configs.snapshot(), name, made)) {
      await configs.putTasks(name, made)
      log.info('task configs updated; the tasks restart with them', { connector: name, tasks: made.length })
    }
    const snapshot = configs.snapshot()
    const wanted = tasksOf(snapshot, name)
    const kept = new Set(
      wanted.filter((id) => this.core.worker.isCurrent(taskDefinition(snapshot, id))).map(taskName),
    )
    const outdated = this.#tasksHere(name).filter((id) => !kept.has(taskName(id)))
    await this.core.worker.stopTasks(outdated)
    for (const id of outdated) if (id.task >= wanted.length) this.core.parts.statuses.removeTask(id)
    this.core.lifecycle.startTasks(wanted.filter((id) => !this.core.worker.hasTask(id)))
  }

  async #removeTasks(name: string): Promise<void> {
    await this.core.worker.stopTasks(this.#tasksHere(name))
    const { configs, statuses } = this.core.parts
    for (const task of statuses.tasks(name).keys()) statuses.removeTask({ connector: name, task })
    await configs.putTasks(name, [])
  }

  #tasksHere(name: string): TaskId[] {
    return this.core.worker.taskIds.filter(({ connector }) => connector === name)
  }

  /** Runs a step after all earlier ones. Throws `HR_CONNECT` if the worker is shutting down by then. */
  async #serially<T>(step: () => T | Promise<T>): Promise<T> {
    this.#refuseOnceStopped()
    const result = this.#turn.then(() => {
      this.#refuseOnceStopped()
      return step()
    })
    this.#turn = result.catch(() => {}) // the next step runs even if this one fails
    return result
  }

  #refuseOnceStopped(): void {
    if (this.core.stopped.signal.aborted) throw new ConnectError('HR_CONNECT', 'Worker is shutting down')
  }
}
