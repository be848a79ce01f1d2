import { basename, join } from 'node:path'
import { startChild, workFolder } from '../../integration-tests/services/index.ts'
import { projectFolder } from '../../integration-tests/services/project.ts'
import { peakOf, usageOf } from '../pipeline/process-tree.ts'

/** The resources that a program has used. */
export interface ProgramUsage {
  readonly cpuSeconds: number
  /** Peak of the resident memory, in bytes. */
  readonly peak: number
}

const SAMPLE_MS = 250

/** Runs a compiled program of the benchmarks with its task as JSON. Throws the end of its output if it fails. */
export async function runProgram(program: string, task: object): Promise<ProgramUsage> {
  const child = startChild({
    command: process.execPath,
    args: [join(projectFolder, 'dist', 'bench', program), JSON.stringify(task)],
    logFile: join(workFolder('bare'), 'log'),
  })
  let peak = 0
  let cpuSeconds = 0
  const sample = async (): Promise<void> => {
    // nothing is known of a process that has ended
    peak = Math.max(peak, await peakOf(child.pid))
    cpuSeconds = Math.max(cpuSeconds, (await usageOf(child.pid)).cpuSeconds)
  }
  const sampler = setInterval(() => void sample(), SAMPLE_MS)
  const { code } = await child.ended
  clearInterval(sampler)
  if (code !== 0) throw new Error(`${basename(program)} failed:\n${child.log().slice(-2000)}`)
  return { cpuSeconds, peak }
}
