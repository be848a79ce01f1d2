import { spawn } from 'node:child_process'
import { commandLine } from '../services/project.ts'

/** The result of a command. */
export interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `headrace` like a user and resolves when it exits. */
export function headrace(
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Result> {
  const child = spawn(process.execPath, [commandLine, ...args], { env: { ...process.env, ...env } })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  child.stdin.on('error', () => {}) // a command that reads no input may exit before it is written
  child.stdin.end(input)
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...output }))
  })
}
