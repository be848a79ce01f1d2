import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { waitFor } from '../wait-for.ts'
import { endGuard, guardProcess, unguardProcess } from './guard.ts'

/** A program that runs for us; it ends when this process does. */
export interface Child {
  readonly pid: number
  /** Resolves once it has ended. */
  readonly ended: Promise<Ending>
  /** What it has printed so far. */
  log(): string
  signal(name: NodeJS.Signals): void
  /** Ends it softly; by force when it takes longer than `patienceMs`. */
  stop(patienceMs?: number): Promise<Ending>
  /** Ends it at once: the process alone, not those it started. */
  kill(): Promise<Ending>
  /** Ends it at once, with those that it started. */
  killGroup(): void
}

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** File that takes what it prints; later runs add to it. Our own output when there is none. */
  readonly logFile?: string
}

const PATIENCE_MS = 30_000
const INTERRUPTED = 130

const children = new Set<Child>()
let closed = false

/** Starts a program in a process group of its own, so that a Ctrl-C of the terminal is ours to handle. */
export function startChild({ command, args, env, cwd, logFile }: ChildOptions): Child {
  if (closed) throw new Error(`${command} is not started: everything is being stopped`)
  const log = logFile === undefined ? undefined : openSync(logFile, 'a')
  const process_ = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  if (log !== undefined) closeSync(log)
  const child = childOf(process_, logFile)
  if (process_.pid !== undefined) guardProcess(process_.pid)
  children.add(child)
  void child.ended.then(() => {
    children.delete(child)
    if (process_.pid !== undefined) unguardProcess(process_.pid)
  })
  return child
}

/** Ends all programs that still run, lets no new one start, and removes the work folder. */
export async function stopAllChildren(patienceMs = PATIENCE_MS): Promise<void> {
  closed = true
  await Promise.all([...children].map((child) => child.stop(patienceMs)))
  await endGuard()
}

/**
 * Has a Ctrl-C, or a SIGTERM, end all programs softly and then this process; a second one ends it at once.
 *
 * The handlers stay in place: libraries that have some of their own end the process when they find themselves alone.
 */
export function stopOnSignal(onStop: () => void = () => {}): void {
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(INTERRUPTED)
      asked = true
      onStop()
      void stopAllChildren().then(() => process.exit(INTERRUPTED))
    })
  }
}

function childOf(process_: ChildProcess, logFile: string | undefined): Child {
  const ended = new Promise<Ending>((resolve) => {
    process_.once('exit', (code, signal) => resolve({ code, signal }))
    process_.once('error', () => resolve({ code: null, signal: null }))
  })
  const kill = () => {
    process_.kill('SIGKILL')
    return ended
  }
  return {
    pid: process_.pid ?? -1,
    ended,
    log: () => (logFile === undefined ? '' : readFileSync(logFile, 'utf8')),
    signal: (name) => void process_.kill(name),
    kill,
    killGroup: () => void process.kill(-(process_.pid ?? 0), 'SIGKILL'),
    async stop(patienceMs = PATIENCE_MS) {
      process_.kill('SIGTERM')
      const late = setTimeout(kill, patienceMs)
      const ending = await ended
      clearTimeout(late)
      return ending
    },
  }
}

/** Waits until a program's log matches; throws, with the end of the log, when it ends before or takes too long. */
export async function untilLogged(
  child: Child,
  pattern: RegExp,
  timeoutMs: number,
  name: string,
): Promise<void> {
  let ending: Ending | undefined
  void child.ended.then((end) => (ending = end))
  const outcome = await waitFor(
    () => (pattern.test(child.log()) ? 'ready' : ending === undefined ? undefined : 'ended'),
    { timeoutMs, what: () => `${name} to be ready; its log ends with\n${tail(child.log())}` },
  )
  if (outcome === 'ended')
    throw new Error(`${name} ended before it was ready; its log ends with\n${tail(child.log())}`)
}

/** Runs a program to its end; throws, with what it printed, unless it ends with code 0. */
export async function runToEnd(options: ChildOptions): Promise<void> {
  const child = startChild(options)
  const { code } = await child.ended
  if (code === 0) return
  throw new Error(`${options.command} ended with code ${code}; it printed\n${tail(child.log())}`)
}

function tail(text: string, lines = 40): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}
