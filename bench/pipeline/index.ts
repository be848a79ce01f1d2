import { join } from 'node:path'
import { sharedKafka, uniqueName, workFolder } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { table, type Row } from '../report.ts'
import { compare, note, type ByPeer } from './by-peer.ts'
import { peers, type Peer } from './peers.ts'
import { measureStartUp, type StartUp } from './start-up.ts'
import { measureThroughput, type Throughput } from './throughput.ts'
import { workloads, writeLines, type Workload } from './workload.ts'

export interface PipelineOptions {
  readonly lines: number
  readonly rounds: number
  /** How long a worker is left alone before its idle memory is read. */
  readonly idleSeconds: number
  report(text: string): void
}

/** Start-up and idle memory of both workers, each on a fresh broker, one after the other. */
export async function benchStartUp({ rounds, idleSeconds, report }: PipelineOptions): Promise<string> {
  const results = new Map<Peer['name'], StartUp[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const peer of peers) {
      report(
        `round ${round} of ${rounds}: ${peer.name} starts on a fresh broker, then idles ${idleSeconds} s`,
      )
      note(results, peer.name, await measureStartUp(peer, idleSeconds))
    }
  }
  return table([
    compare('ready after, ms', results, ({ readyMs }) => readyMs, 'less'),
    compare('resident when idle, MB', results, ({ idleResident }) => idleResident / 1e6, 'less'),
  ])
}

/** Rates of both workers over the same file and, where topics are read, over the same topics. */
export async function benchThroughput({ lines, rounds, report }: PipelineOptions): Promise<string> {
  const servers = await sharedKafka(report)
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  const folder = workFolder('bench')
  const file = join(folder, 'lines.txt')
  report(`writing ${lines} lines`)
  await writeLines(file, lines)
  const admin = new TopicAdmin(client)
  const results = new Map<Workload, Map<Peer['name'], Throughput[]>>()
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const peer of peers) {
        const worker = await peer.start(servers)
        let topic = ''
        for (const workload of workloads) {
          // A sink reads what the source before it wrote
          if (workload.direction === 'file to topic') topic = uniqueName('bench')
          report(`round ${round} of ${rounds}: ${peer.name}, ${workload.title}`)
          const course = { file, outFile: join(folder, 'out.txt'), topic, lines, admin }
          const result = await measureThroughput(worker, workload, course)
          const ofWorkload = results.get(workload) ?? new Map<Peer['name'], Throughput[]>()
          results.set(workload, ofWorkload)
          note(ofWorkload, peer.name, result)
        }
        await worker.stop()
      }
    }
  } finally {
    await client.close()
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
