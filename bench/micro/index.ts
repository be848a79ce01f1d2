import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { javaCommand, javaKit, projectFolder } from '../../integration-tests/services/index.ts'
import { median, table } from '../report.ts'

export interface MicroOptions {
  readonly rounds: number
  readonly seconds: number
  report(text: string): void
}

/** The second core, because the first handles interrupts. */
const CORE = '1'

type Rates = Map<string, number[]>

/** Measures the converters and transforms of both workers in turn, each in a process bound to one core. */
export async function benchMicro({ rounds, seconds, report }: MicroOptions): Promise<string> {
  const kit = await javaKit(report)
  const times = [String(seconds), String(seconds)]
  const java = [
    javaCommand(),
    '-XX:ActiveProcessorCount=1',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
    '-cp',
    join(kit, '*'),
    join(projectFolder, 'bench/micro/Micro.java'),
  ]
  const headrace = [process.execPath, fileURLToPath(new URL('measure.js', import.meta.url))]
  const rates = { java: new Map() as Rates, headrace: new Map() as Rates }
  for (let round = 1; round <= rounds; round++) {
    report(`round ${round} of ${rounds}: Java`)
    note(rates.java, await run([...java, ...times]))
    report(`round ${round} of ${rounds}: Headrace`)
    note(rates.headrace, await run([...headrace, ...times]))
  }
  return table(
    [...rates.headrace].map(([what, ours]) => {
      const theirs = rates.java.get(what) ?? []
      return {
        what: `${what}: records/s`,
        java: theirs,
        headrace: ours,
        ratio: median(ours) / median(theirs),
      }
    }),
  )
}

/** Runs a process and parses its output: names and rates. */
async function run([command = '', ...args]: readonly string[]): Promise<[string, number][]> {
  const child = spawn('taskset', ['-c', CORE, command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const printed = await text(child.stdout)
  const [code] = (await ended) as [number | null]
  if (code !== 0) throw new Error(`${command} exited with code ${code}`)
  return printed
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([name = '', rate]) => [name, Number(rate)])
}

function note(into: Rates, found: readonly [string, number][]): void {
  for (const [name, rate] of found) into.set(name, [...(into.get(name) ?? []), rate])
}
