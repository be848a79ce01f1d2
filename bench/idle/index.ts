import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sharedKafka, uniqueName, waitFor, workFolder } from '../../integration-tests/services/index.ts'
import { openClient, TopicAdmin } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { compare, note, type ByPeer } from '../pipeline/by-peer.ts'
import { eachOf, instancesOf } from '../pipeline/connectors.ts'
import { peers, type Peer, type RunningPeer } from '../pipeline/peers.ts'
import { usageOf } from '../pipeline/process-tree.ts'
import { figure, table } from '../report.ts'

export interface IdleOptions {
  /** Connectors of each kind, with one task each. */
  readonly connectors: number
  /** Duration of the CPU measurement. */
  readonly windowSeconds: number
  report(text: string): void
}

interface Idle {
  /** CPU usage of all processes of the worker, in percent of one core. */
  readonly cpu: number
  /** Resident memory of all processes at the end, in bytes. */
  readonly resident: number
}

type Config = Readonly<Record<string, string>>

/** The default. The other suites commit once per second. */
const FLUSH_INTERVAL = { 'offset.flush.interval.ms': '60000' }
/** Time for rebalances, first commits and garbage collection after the start. */
const CALM_MS = 30_000
const START_TIMEOUT_MS = 600_000

/** Measures the CPU time and memory of both workers while their connectors are idle. */
export async function benchIdle({ connectors, windowSeconds, report }: IdleOptions): Promise<string> {
  const servers = await sharedKafka(report)
  const file = join(workFolder('idle'), 'empty.txt')
  await writeFile(file, '')
  const topic = uniqueName('idle')
  await createTopic(servers, topic)
  const kinds: readonly (readonly [title: string, config: Config])[] = [
    ['no connector', {}],
    ['file sources', { 'connector.class': 'FileStreamSource', file, topic }],
    ['file sinks', { 'connector.class': 'FileStreamSink', 'file': `${file}.out`, 'topics': topic }],
  ]
  const results = new Map<string, Map<Peer['name'], Idle[]>>(kinds.map(([title]) => [title, new Map()]))
  for (const peer of peers) {
    for (const [title, config] of kinds) {
      const count = title === 'no connector' ? 0 : connectors
      report(`${peer.name}: ${count} connectors (${title}), ${windowSeconds} s`)
      const worker = await peer.start(servers, FLUSH_INTERVAL)
      const idle = await measureIdle(worker, config, count, windowSeconds)
      await worker.stop()
      report(`  ${figure(idle.cpu)} % of a core, ${figure(idle.resident / 1e6)} MB`)
      note(results.get(title) ?? new Map(), peer.name, idle)
    }
  }
  return table([...results].flatMap(([title, byPeer]) => rowsOf(title, byPeer)))
}

async function createTopic(servers: string, topic: string): Promise<void> {
  const client = await openClient({ 'bootstrap.servers': servers }, silentLogger)
  try {
    await new TopicAdmin(client).create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
  } finally {
    await client.close()
  }
}

async function measureIdle(
  worker: RunningPeer,
  config: Config,
  count: number,
  windowSeconds: number,
): Promise<Idle> {
  const names = Array.from({ length: count }, () => uniqueName('idle'))
  await eachOf(names, (name) => worker.rest.put(name, config))
  // A worker that starts hundreds of tasks may not answer in time
  const allRun = async () => (await runningTasks(worker).catch(() => -1)) === count || undefined
  await waitFor(allRun, { timeoutMs: START_TIMEOUT_MS, what: `${count} running tasks` })
  await pause(CALM_MS)
  const before = await usageOf(worker.pid)
  await pause(windowSeconds * 1000)
  const after = await usageOf(worker.pid)
  await eachOf(names, (name) => worker.rest.delete(name))
  return { cpu: ((after.cpuSeconds - before.cpuSeconds) / windowSeconds) * 100, resident: after.resident }
}

async function runningTasks(worker: RunningPeer): Promise<number> {
  const { tasks } = await instancesOf(worker)
  return tasks.filter(({ state }) => state === 'RUNNING').length
}

function rowsOf(title: string, results: ByPeer<Idle>) {
  return [
    compare(`${title}: % of a core`, results, ({ cpu }) => cpu, 'less'),
    compare('  resident, MB', results, ({ resident }) => resident / 1e6, 'less'),
  ]
}
