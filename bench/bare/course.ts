import { uniqueName } from '../../integration-tests/services/index.ts'
import type { TopicAdmin } from '../../runtime/kafka/index.ts'
import { steadyRate, watch } from '../pipeline/far-end.ts'
import type { RunningPeer } from '../pipeline/peers.ts'
import { peakOf, resetPeak, usageOf } from '../pipeline/process-tree.ts'
import { runProgram } from './program.ts'

/** What a measurement needs. */
export interface Course {
  readonly worker: RunningPeer
  readonly admin: TopicAdmin
  readonly servers: string
  /** Number of records. */
  readonly records: number
}

/** What was measured of a connector or of a bare program. */
export interface Measured {
  /** Records per second between 10 % and 90 % of the records. */
  readonly rate: number
  /** CPU seconds per million records, with the start of a program. */
  readonly cpuPerMillion: number
  /** Peak of the resident memory of all processes, in bytes. */
  readonly peak: number
}

type Config = Readonly<Record<string, string>>

/** Creates a connector, waits until `count` has reached the number of records, and deletes it. */
export async function measureConnector(
  { worker, records }: Pick<Course, 'worker' | 'records'>,
  config: Config,
  count: () => Promise<number>,
): Promise<Measured> {
  const name = uniqueName('bench')
  await resetPeak(worker.pid)
  const before = await usageOf(worker.pid)
  await worker.rest.put(name, { ...config, 'tasks.max': '1' })
  const samples = await watch(records, count)
  const after = await usageOf(worker.pid)
  const peak = await peakOf(worker.pid)
  await worker.rest.delete(name)
  const cpuPerMillion = ((after.cpuSeconds - before.cpuSeconds) / records) * 1e6
  return { rate: steadyRate(samples, records), cpuPerMillion, peak }
}

/** Runs a bare program, whose path is relative to this project, to its end, while `count` counts its records. */
export async function measureProgram(
  { records }: Pick<Course, 'records'>,
  program: string,
  task: object,
  count: () => Promise<number>,
): Promise<Measured> {
  const counted = watch(records, count)
  counted.catch(() => {}) // the error of the program is the one to show
  const { cpuSeconds, peak } = await runProgram(program, task)
  return { rate: steadyRate(await counted, records), cpuPerMillion: (cpuSeconds / records) * 1e6, peak }
}
