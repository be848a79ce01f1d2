import { fork, type ChildProcess } from 'node:child_process'
import { ConnectError, isConnectError, type Logger } from '../../../api/index.ts'
import type { Instant } from '../../timing/index.ts'
import { Channel, type Remote } from '../channel.ts'
import type {
  HerderMethods,
  HostEvents,
  HostMethods,
  HostSettings,
  InspectorMethods,
  Owner,
} from '../protocol.ts'
import { ActivityFile } from './activity-file.ts'
import { residentBytes } from './memory.ts'
import { schedulingOf, StallWatch } from './stall-watch.ts'
import { taskProcessStdio } from './stdio.ts'

/** Limits of a task process. */
export interface ProcessLimits {
  readonly memoryBytes: number
  readonly stallTimeoutMs: number
}

export interface TaskProcessOptions {
  /** Module that calls `runTaskProcess`. */
  readonly entry: string
  readonly limits: ProcessLimits
  readonly settings: HostSettings
  readonly events: HostEvents
  readonly methods: HerderMethods
  readonly log: Logger
}

/**
 * How a task process ended. `closed`: on request. `fault`: it hung, exceeded its memory limit, or exited. `killed`: by
 * something other than the worker. `unstarted`: before it could run an instance.
 */
export type ProcessEndKind = 'closed' | 'fault' | 'killed' | 'unstarted'

export interface ProcessEnd {
  readonly kind: ProcessEndKind
  /** A clause about the process: `it exited with code 7`. */
  readonly reason: string
  /** The owner of the code that was running; undefined when unknown. */
  readonly culprit: Owner | undefined
  /** Index of the package that was being loaded; undefined for none. */
  readonly loading: number | undefined
}

/** Signals that a process raises through its own fault; others come from outside. */
const OWN_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]

const CHECK_MS = 250
const START_TIMEOUT_MS = 60_000
const STDERR_LINES = 20
const MEBIBYTE = 1024 * 1024
/**
 * Records live until they are acknowledged: with a smaller young generation, most of them would be promoted.
 */
const YOUNG_MIB = 32
/**
 * Records from Kafka count towards the old generation while they are in use. With the engine's low initial
 * limit, every few megabytes would trigger a full collection.
 */
const OLD_MIB = 80
/**
 * By default, each thread of glibc takes its memory from an arena of its own, and what it frees is of no use to the others:
 * about 5 MB in a process that runs idle tasks. Most of the threads hardly work at the same time.
 */
const MEMORY_ENV = { MALLOC_ARENA_MAX: '2' }

/**
 * A forked process and its watchdog. The process is killed when it does not respond or exceeds its memory
 * limit; `ended` resolves to the reason.
 */
export class TaskProcess {
  readonly remote: Remote<HostMethods & InspectorMethods>
  /** Resolves once plugins are loaded; rejects when the process ends before. */
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #channel: Channel
  readonly #options: TaskProcessOptions
  readonly #activity = new ActivityFile()
  readonly #stderr: string[] = []
  /** Messages waiting to be sent. */
  #outbox: unknown[] = []
  readonly #watch: NodeJS.Timeout
  readonly #ended: Promise<ProcessEnd>
  /** Whether it has responded to the first ping. */
  #up = false
  /** Whether its packages are loaded, so that it can run instances. */
  #loaded = false
  #answered = true
  /** Resident memory last reported by the process, for systems where it cannot be read from outside. */
  #reportedBytes = 0
  #logLevels: HostSettings['logLevels']
  #leaseEnd: Instant
  #startSent = false
  readonly #stall = new StallWatch(() => schedulingOf(this.pid))
  #killedBecause: { readonly reason: string; readonly known: boolean } | undefined
  #closing = false

  constructor(options: TaskProcessOptions) {
    this.#options = options
    const { memoryBytes } = options.limits
    this.#child = fork(options.entry, [], {
      execArgv: heapFlags(memoryBytes / MEBIBYTE),
      env: { ...MEMORY_ENV, ...process.env },
      serialization: 'advanced',
      stdio: taskProcessStdio(this.#activity.fd),
    })
    this.#channel = new Channel({
      send: (message) => this.#post(message),
      onMessage: (receive) => this.#child.on('message', receive),
    })
    this.#channel.serve(options.methods, options.events)
    this.remote = this.#channel.remote()
    this.#child.stderr?.on('data', (chunk: Buffer) => this.#onStderr(chunk.toString('utf8')))
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => resolve(this.#onExit(this.#endOf(code, signal))))
      // A process that cannot be spawned, for example for lack of file descriptors, never exits
      this.#child.on('error', (error) => {
        const reason = `it cannot be started: ${error.message}`
        if (this.#child.pid === undefined) resolve(this.#onExit(endWithoutCulprit('unstarted', reason)))
      })
    })
    this.#logLevels = options.settings.logLevels
    this.#leaseEnd = options.settings.leaseEnd
    this.ready = this.#start()
    this.ready.catch(() => {}) // reported to the callers that await it, and by the end of the process
    this.#watch = setInterval(() => this.#check(), CHECK_MS)
    this.#watch.unref()
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** Resolves when the process has exited. */
  get ended(): Promise<ProcessEnd> {
    return this.#ended
  }

  async #start(): Promise<void> {
    await this.remote.ping()
    this.#up = true
    this.#startSent = true
    const changed = { logLevels: this.#logLevels, leaseEnd: this.#leaseEnd }
    await this.remote.start({ ...this.#options.settings, ...changed })
    this.#loaded = true
  }

  setLogLevels(levels: HostSettings['logLevels']): void {
    this.#logLevels = levels
    if (!this.#startSent) return
    void this.remote.setLogLevels(levels).catch(() => {}) // a process that has exited needs no levels
  }

  setLease(end: Instant): void {
    this.#leaseEnd = end
    if (!this.#startSent) return
    void this.remote.setLease(end).catch(() => {}) // a process that has exited needs no lease
  }

  /** Kills the process. The caller has stopped its tasks, or does not wait for them. */
  async close(): Promise<void> {
    this.#closing = true
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Sends the messages of one turn of the event loop together: each write wakes the other process. */
  #post(message: unknown): void {
    if (this.#outbox.push(message) > 1) return
    setImmediate(() => {
      const messages = this.#outbox
      this.#outbox = []
      // The child may have exited already; its exit handler reports that. Without a callback `send` throws
      if (this.#child.connected) this.#child.send(messages, () => {})
    })
  }

  /** Checks memory use, and whether the last ping was answered. */
  #check(): void {
    const { memoryBytes } = this.#options.limits
    // Several processes starting on a busy machine take longer, and do not run plugin code yet
    const stallTimeoutMs = this.#up ? this.#options.limits.stallTimeoutMs : START_TIMEOUT_MS
    const resident = residentBytes(this.pid) ?? this.#reportedBytes
    if (resident > memoryBytes) {
      const used = `${Math.round(resident / MEBIBYTE)} MiB`
      const limit = `${Math.round(memoryBytes / MEBIBYTE)} MiB (task.process.memory.max)`
      this.#kill(`it used ${used} of memory, more than ${limit}`, false)
      return
    }
    // Counts missed checks, not time, because the machine may have been suspended
    if (this.#answered) this.#stall.answered()
    else if (this.#stall.silentFor(CHECK_MS, stallTimeoutMs)) {
      this.#kill(
        this.#up
          ? `it did not respond for ${this.#stall.silence(stallTimeoutMs)} (task.process.stall.timeout.ms)`
          : `it did not start within ${stallTimeoutMs} ms`,
        this.#up,
      )
      return
    }
    if (!this.#answered) return
    this.#answered = false
    void this.remote.ping().then(
      (bytes) => {
        this.#answered = true
        this.#reportedBytes = bytes
      },
      () => {}, // the process has exited, which its end reports
    )
  }

  #kill(reason: string, known: boolean): void {
    if (this.#killedBecause !== undefined) return
    this.#killedBecause = { reason, known }
    this.#child.kill('SIGKILL')
  }

  #onExit(end: ProcessEnd): ProcessEnd {
    clearInterval(this.#watch)
    this.#activity.close()
    this.#channel.close(processLost(end.reason))
    return end
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
    if (this.#closing) return endWithoutCulprit('closed', 'it was closed')
    const running = this.#activity.read()
    const known = running > 0 ? running : undefined
    const kind = this.#loaded ? 'fault' : 'unstarted'
    // Before packages are loaded there are no instances: the owner is a package, counted from 1
    const culprit = this.#loaded ? known : undefined
    const loading = this.#loaded || known === undefined ? undefined : known - 1
    if (this.#killedBecause !== undefined) {
      const { reason, known: isItsCode } = this.#killedBecause
      // The code running when memory runs out need not be the code that used it
      return isItsCode
        ? { kind, reason: byWorker(reason), culprit, loading }
        : endWithoutCulprit(kind, byWorker(reason))
    }
    if (signal !== null && !OWN_SIGNALS.includes(signal)) {
      const hint = signal === 'SIGKILL' ? '; the operating system may be out of memory' : ''
      return endWithoutCulprit('killed', `it was killed by signal ${signal}, not by the worker${hint}`)
    }
    const last = this.#stderr.find((line) => /FATAL ERROR|uncaught/.test(line)) ?? this.#stderr.at(-1)
    const how = signal === null ? `code ${code}` : `signal ${signal}`
    const reason = `it exited with ${how}${last === undefined ? '' : `: ${last}`}`
    const outOfMemory = last?.includes('heap') === true
    return outOfMemory ? endWithoutCulprit(kind, reason) : { kind, reason, culprit, loading }
  }

  #onStderr(text: string): void {
    for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
      this.#stderr.push(line.trim())
      if (this.#stderr.length > STDERR_LINES) this.#stderr.shift()
      this.#options.log.warn(line, { pid: this.pid })
    }
  }
}

/** Returns the error with which calls to a lost process reject, and with which the culprit fails. */
export function processLost(reason: string): ConnectError {
  return new ConnectError('HR_TASK_PROCESS_LOST', `The task process exited: ${reason}`)
}

/** Whether the error reports a lost process. The loss of a process is reported once for all its instances. */
export const isProcessLoss = (error: unknown): boolean =>
  isConnectError(error) && error.code === 'HR_TASK_PROCESS_LOST'

const byWorker = (reason: string): string => `the worker killed it because ${reason}`

const endWithoutCulprit = (kind: ProcessEndKind, reason: string): ProcessEnd => ({
  kind,
  reason,
  culprit: undefined,
  loading: undefined,
})

/** The public interface of a task process. */
export type RunningProcess = Pick<TaskProcess, keyof TaskProcess>

function heapFlags(limitMib: number): string[] {
  const young = Math.max(1, Math.min(YOUNG_MIB, Math.floor(limitMib / 16)))
  const old = Math.max(1, Math.min(OLD_MIB, Math.floor(limitMib / 4)))
  return [
    `--max-old-space-size=${Math.ceil(limitMib)}`,
    `--initial-old-space-size=${old}`,
    `--max-semi-space-size=${young}`,
  ]
}
