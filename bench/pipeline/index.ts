import { uniqueName } from '../../integration-tests/services/index.ts'
import { table, type Row } from '../report.ts'
import { compare, note, type ByPeer } from './by-peer.ts'
import { prepareCourse } from './course.ts'
import { peers, type Peer } from './peers.ts'
import { measureStartUp, type StartUp } from './start-up.ts'
import { measureThroughput, type Throughput } from './throughput.ts'
import { workloads, type Workload } from './workload.ts'

export interface PipelineOptions {
  readonly lines: number
  readonly rounds: number
  /** Idle time before the memory of a worker is measured. */
  readonly idleSeconds: number
  report(text: string): void
}

/** Measures the start-up time and idle memory of both workers, one after the other, each on a new broker. */
export async function benchStartUp({ rounds, idleSeconds, report }: PipelineOptions): Promise<string> {
  const results = new Map<Peer['name'], StartUp[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const peer of peers) {
      report(
        `round ${round} of ${rounds}: ${peer.name} starts on a new broker, then idles for ${idleSeconds} s`,
      )
      note(results, peer.name, await measureStartUp(peer, idleSeconds))
    }
  }
  return table([
    compare('ready after, ms', results, ({ readyMs }) => readyMs, 'less'),
    compare('resident when idle, MB', results, ({ idleResident }) => idleResident / 1e6, 'less'),
  ])
}

/** Measures the throughput of both workers with the same file. Each sink reads the topic of the source before it. */
export async function benchThroughput({ lines, rounds, report }: PipelineOptions): Promise<string> {
  const { servers, course, close } = await prepareCourse(lines, report)
  const results = new Map<Workload, Map<Peer['name'], Throughput[]>>()
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const peer of peers) {
        const worker = await peer.start(servers)
        let topic = ''
        for (const workload of workloads) {
          // A sink reads the topic of the preceding source
          if (workload.direction === 'file to topic') topic = uniqueName('bench')
          report(`round ${round} of ${rounds}: ${peer.name}, ${workload.title}`)
          const result = await measureThroughput(worker, workload, { ...course, topic })
          const ofWorkload = results.get(workload) ?? new Map<Peer['name'], Throughput[]>()
          results.set(workload, ofWorkload)
          note(ofWorkload, peer.name, result)
        }
        await worker.stop()
      }
    }
  } finally {
    await close()
  }
  return table([...results].flatMap(([workload, byPeer]) => rowsOf(workload, byPeer)))
}

function rowsOf({ title }: Workload, results: ByPeer<Throughput>): Row[] {
  return [
    compare(`${title}: records/s`, results, ({ rate }) => rate, 'more'),
    compare('  CPU seconds per million', results, ({ cpuPerMillion }) => cpuPerMillion, 'less'),
    compare('  resident, MB', results, ({ resident }) => resident / 1e6, 'less'),
  ]
}
