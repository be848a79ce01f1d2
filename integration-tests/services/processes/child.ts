import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { waitFor } from '../wait-for.ts'
import { endGuard, guardProcess, unguardProcess } from './guard.ts'
import type { SystemUser } from './system-user.ts'

/** A child process, which exits when this process does. */
export interface Child {
  readonly pid: number
  /** Resolves once it has exited. */
  readonly ended: Promise<Ending>
  /** Returns its output so far. */
  log(): string
  signal(name: NodeJS.Signals): void
  /** Stops it gracefully, or kills it after `patienceMs`. */
  stop(patienceMs?: number): Promise<Ending>
  /** Kills the process, but not its children. */
  kill(): Promise<Ending>
  /** Sends a signal to the process and its children. */
  signalGroup(name: NodeJS.Signals): void
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
  /** File for its output, to which later runs append. By default, the output of this process. */
  readonly logFile?: string
  /** The user to run the program as, if not the one of this process; only root may choose. */
  readonly user?: SystemUser
}

const PATIENCE_MS = 30_000
const INTERRUPTED = 130

const children = new Set<Child>()
let closed = false

/** Starts a program in a new process group, so that Ctrl-C in the terminal reaches only this process. */
export function startChild({ command, args, env, cwd, logFile, user }: ChildOptions): Child {
  if (closed) throw new Error(`cannot start ${command}: all children are being stopped`)
  const log = logFile === undefined ? undefined : openSync(logFile, 'a')
  const process_ = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log ?? 'inherit', log ?? 'inherit'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    ...user,
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

/** Stops all running children, prevents new ones, and removes the work folder. */
export async function stopAllChildren(patienceMs = PATIENCE_MS): Promise<void> {
  closed = true
  await Promise.all([...children].map((child) => child.stop(patienceMs)))
  await endGuard()
}

/**
 * On Ctrl-C or SIGTERM, stops all children gracefully, then exits. A second signal exits immediately.
 *
 * The handlers stay registered: libraries with their own handlers exit the process if theirs are the only ones.
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
    signalGroup: (name) => void process.kill(-(process_.pid ?? 0), name),
    async stop(patienceMs = PATIENCE_MS) {
      process_.kill('SIGTERM')
      const late = setTimeout(kill, patienceMs)
      const ending = await ended
      clearTimeout(late)
      return ending
    },
  }
}

/** Waits until the log of a child matches. Throws with the end of the log if it exits first or takes too long. */
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
    throw new Error(`${name} exited before it was ready; its log ends with\n${tail(child.log())}`)
}

/** Runs a program until it exits. Throws with its output if it exits with a code other than 0. */
export async function runToEnd(options: ChildOptions): Promise<void> {
  const child = startChild(options)
  const { code } = await child.ended
  if (code === 0) return
  throw new Error(`${options.command} exited with code ${code}; its output ends with\n${tail(child.log())}`)
}

function tail(text: string, lines = 40): string {
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}
