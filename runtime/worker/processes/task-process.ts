import { fork, type ChildProcess } from 'node:child_process'
import { ConnectError, type Logger } from '../../../api/index.ts'
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
import { taskProcessStdio } from './stdio.ts'

/** Bounds of a task process. */
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
 * How a task process ended. `closed`: as requested. `fault`: because of something in it: it hung, grew, or ended
 * itself. `killed`: by something other than the worker. `unstarted`: before it could run an instance.
 */
export type ProcessEndKind = 'closed' | 'fault' | 'killed' | 'unstarted'

export interface ProcessEnd {
  readonly kind: ProcessEndKind
  /** A clause about the process: `it ended with exit code 7`. */
  readonly reason: string
  /** Whose code was running; undefined when that cannot be told. */
  readonly culprit: Owner | undefined
  /** Index of the package that was being loaded; undefined for none. */
  readonly loading: number | undefined
}

/** Signals that a process raises by what it does itself; others come from outside. */
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
/** Records live until they are acknowledged: with less room for the young, most of them are copied to the old first. */
const YOUNG_MIB = 32
/**
 * What comes from Kafka counts towards the old space while it is used. From the low limit that engines begin with, all
 * of the heap is collected again after every few megabytes.
 */
const OLD_MIB = 128

/**
 * One forked process and the watch over it: it is killed when it stops answering or grows beyond its memory limit,
 * and its end is told with the reason.
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
  /** Messages to be sent. */
  #outbox: unknown[] = []
  readonly #watch: NodeJS.Timeout
  readonly #ended: Promise<ProcessEnd>
  /** It has answered for the first time. */
  #up = false
  /** Its packages are loaded, so that it can run instances. */
  #loaded = false
  #answered = true
  /** Resident memory as the process reported it last, for systems where it cannot be read from here. */
  #reportedBytes = 0
  #logLevels: HostSettings['logLevels']
  #startSent = false
  #silentMs = 0
  #killedBecause: { readonly reason: string; readonly known: boolean } | undefined
  #closing = false

  constructor(options: TaskProcessOptions) {
    this.#options = options
    const { memoryBytes } = options.limits
    this.#child = fork(options.entry, [], {
      execArgv: heapFlags(memoryBytes / MEBIBYTE),
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
      // One that cannot be started, say for want of file descriptors, never exits
      this.#child.on('error', (error) => {
        const reason = `it could not be started: ${error.message}`
        if (this.#child.pid === undefined) resolve(this.#onExit(endWithoutCulprit('unstarted', reason)))
      })
    })
    this.#logLevels = options.settings.logLevels
    this.ready = this.#start()
    this.ready.catch(() => {}) // reported to those who wait for it, and by the end of the process
    this.#watch = setInterval(() => this.#check(), CHECK_MS)
    this.#watch.unref()
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<ProcessEnd> {
    return this.#ended
  }

  async #start(): Promise<void> {
    await this.remote.ping()
    this.#up = true
    this.#startSent = true
    await this.remote.start({ ...this.#options.settings, logLevels: this.#logLevels })
    this.#loaded = true
  }

  setLogLevels(levels: HostSettings['logLevels']): void {
    this.#logLevels = levels
    if (!this.#startSent) return
    void this.remote.setLogLevels(levels).catch(() => {}) // a process that is gone needs no levels
  }

  /** Ends the process at once; its tasks have been stopped, or are not to be waited for. */
  async close(): Promise<void> {
    this.#closing = true
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** What is said in one round of the event loop goes out as one: each write wakes the other side. */
  #post(message: unknown): void {
    if (this.#outbox.push(message) > 1) return
    setImmediate(() => {
      const messages = this.#outbox
      this.#outbox = []
      // A process that is gone, but not yet said to be, is told of by its end; without a callback it would be thrown
      if (this.#child.connected) this.#child.send(messages, () => {})
    })
  }

  /** A check-up: memory, and whether the last question has been answered. */
  #check(): void {
    const { memoryBytes } = this.#options.limits
    // Several that start together on a busy machine take their time, and none of them runs code of a plugin yet
    const stallTimeoutMs = this.#up ? this.#options.limits.stallTimeoutMs : START_TIMEOUT_MS
    const resident = residentBytes(this.pid) ?? this.#reportedBytes
    if (resident > memoryBytes) {
      const used = `${Math.round(resident / MEBIBYTE)} MiB`
      const limit = `${Math.round(memoryBytes / MEBIBYTE)} MiB (task.process.memory.max)`
      this.#kill(`it used ${used} of memory, more than ${limit}`, false)
      return
    }
    // Checks that were missed are counted, not time: a machine that slept is no process that hung
    this.#silentMs = this.#answered ? 0 : this.#silentMs + CHECK_MS
    if (this.#silentMs >= stallTimeoutMs) {
      this.#kill(
        this.#up
          ? `it did not answer for ${stallTimeoutMs} ms (task.process.stall.timeout.ms)`
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
      () => {}, // the process is gone, which its end reports
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
    // Before packages are loaded there are no instances: the number is that of a package, counted from 1
    const culprit = this.#loaded ? known : undefined
    const loading = this.#loaded || known === undefined ? undefined : known - 1
    if (this.#killedBecause !== undefined) {
      const { reason, known: isItsCode } = this.#killedBecause
      // Whoever runs when memory runs out need not be the one that used it
      return isItsCode
        ? { kind, reason: byWorker(reason), culprit, loading }
        : endWithoutCulprit(kind, byWorker(reason))
    }
    if (signal !== null && !OWN_SIGNALS.includes(signal)) {
      const hint = signal === 'SIGKILL' ? '; the operating system may be out of memory' : ''
      return endWithoutCulprit('killed', `it was killed by signal ${signal}, not by the worker${hint}`)
    }
    const last = this.#stderr.find((line) => /FATAL ERROR|uncaught/.test(line)) ?? this.#stderr.at(-1)
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`
    const reason = `it ended with ${how}${last === undefined ? '' : `: ${last}`}`
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

/** The error that calls to a process reject with once it is gone, and that its culprit fails with. */
export function processLost(reason: string): ConnectError {
  return new ConnectError('HR_TASK_PROCESS_LOST', `The task process is gone: ${reason}`)
}

const byWorker = (reason: string): string => `the worker ended it because ${reason}`

const endWithoutCulprit = (kind: ProcessEndKind, reason: string): ProcessEnd => ({
  kind,
  reason,
  culprit: undefined,
  loading: undefined,
})

/** What others see of a task process. */
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
