import { ConnectError, reasonOf, type Logger, type Props } from '../../../api/index.ts'
import type { PluginCatalog } from '../../plugins/index.ts'
import { within } from '../../timing/index.ts'
import type { WorkerRuntime } from '../../worker/index.ts'

/** A deletion that the connector has not handled yet. */
interface Deletion {
  readonly name: string
  /** The settings at the time of the deletion. */
  readonly config: Props
  /** Whether the connector is being called. */
  started: boolean
  /** Resolves when the connector has handled the deletion, or will not be called. */
  readonly over: Promise<void>
  finish(): void
}

export interface DeletionParts {
  readonly runtime: Pick<WorkerRuntime, 'connectorDeleted'>
  readonly catalog: Pick<PluginCatalog, 'find'>
  exists(name: string): boolean
  readonly log: Logger
}

/** How long a stopping worker waits for pending calls of `deleted`. */
const CLOSE_MS = 5000
/** Longest wait of a new connector for `deleted`: less than the timeout of a request, so that nothing is written after it. */
const WRITE_WAIT_MS = 60_000
const LEFT = 'its resources outside of Kafka remain'

/**
 * Notifies connectors that implement `deleted` of their deletion. Keeps the deletions that this worker has carried out
 * until they are handled, in memory only: a connector is called at most once.
 */
export class DeletionNotices {
  readonly #parts: DeletionParts
  readonly #pending = new Set<Deletion>()

  constructor(parts: DeletionParts) {
    this.#parts = parts
  }

  /** Registers a deletion. The connector is called once {@link stopped} reports that neither it nor its tasks run. */
  add(name: string, config: Props): void {
    const plugin = this.#parts.catalog.find(config['connector.class'] ?? '')
    if (plugin?.handlesDeletion !== true) return
    let finish!: () => void
    const over = new Promise<void>((resolve) => (finish = resolve))
    this.#pending.add({ name, config, started: false, over, finish })
  }

  /** Whether a deleted connector of this name has not handled its deletion yet. */
  has(name: string): boolean {
    return this.#of(name).length > 0
  }

  /**
   * Writes a connector once deletions of that name are handled: the deleted connector could remove resources that the
   * new one uses. `inTurn` queues a step of the herder; other steps run during the wait. Throws `HR_REQUEST_TIMEOUT`
   * after a minute, without writing.
   */
  async writeOnceHandled<T>(
    name: string,
    inTurn: <R>(step: () => R | Promise<R>) => Promise<R>,
    write: () => Promise<T>,
  ): Promise<T> {
    const until = Date.now() + WRITE_WAIT_MS
    for (;;) {
      for (const { over } of this.#of(name)) await within(until - Date.now(), over, () => tooLate(name))
      // The connector may be deleted while this step waits for its turn
      const written = await inTurn(async () => (this.has(name) ? undefined : { result: await write() }))
      if (written !== undefined) return written.result
    }
  }

  /** Calls the deleted connectors that have stopped, with all their tasks. */
  stopped(runs: (name: string) => boolean): void {
    for (const deletion of this.#pending) {
      if (!deletion.started && !runs(deletion.name)) void this.#handle(deletion)
    }
  }

  /** Drops the deletions of connectors that may still run: this worker does not learn when they stop. */
  drop(reason: string): void {
    for (const deletion of this.#pending) {
      if (deletion.started) continue
      this.#parts.log.warn(`the connector is not notified of its deletion; ${LEFT}`, {
        connector: deletion.name,
        reason,
      })
      this.#finish(deletion)
    }
  }

  /** Drops the deletions, after a limited wait for calls in progress. */
  async close(): Promise<void> {
    this.drop('the worker is stopping')
    const calls = [...this.#pending].map(({ over }) => over)
    await within(CLOSE_MS, Promise.all(calls), () => {})
  }

  async #handle(deletion: Deletion): Promise<void> {
    const { runtime, exists, log } = this.#parts
    const { name, config } = deletion
    deletion.started = true
    try {
      if (exists(name)) {
        const reason = 'another connector with the same name exists'
        log.warn(`the connector is not notified of its deletion; ${LEFT}`, { connector: name, reason })
        return
      }
      await runtime.connectorDeleted(name, config)
      log.info('the connector was notified of its deletion', { connector: name })
    } catch (error) {
      log.warn(`the connector failed to handle its deletion; ${LEFT}`, {
        connector: name,
        reason: reasonOf(error),
      })
    } finally {
      this.#finish(deletion)
    }
  }

  #of(name: string): Deletion[] {
    return [...this.#pending].filter((deletion) => deletion.name === name)
  }

  #finish(deletion: Deletion): void {
    this.#pending.delete(deletion)
    deletion.finish()
  }
}

function tooLate(name: string): never {
  const message = `The deleted connector ${name} is still removing its resources; try again later`
  throw new ConnectError('HR_REQUEST_TIMEOUT', message)
}
