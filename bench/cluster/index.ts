import { sharedKafka } from '../../integration-tests/services/index.ts'
import { compare, note, type ByPeer } from '../pipeline/by-peer.ts'
import { peers, type Peer } from '../pipeline/peers.ts'
import { table, type Row } from '../report.ts'
import { generatorPaths } from './generator.ts'
import { WORKERS } from './group.ts'
import { measureFileSources, measureGenerators, type ManyTasks, type SmallTasks } from './measure.ts'

export interface ClusterOptions {
  /** File sources, with one task each. */
  readonly connectors: number
  readonly rounds: number
  report(text: string): void
}

/** Generator sources for each file source: 500 with the 300 of the default. */
const GENERATORS = 5 / 3

/** Measures how three workers of each kind start, leave and settle with many connectors and tasks. */
export async function benchCluster({ connectors, rounds, report }: ClusterOptions): Promise<string> {
  const servers = await sharedKafka(report)
  const paths = await generatorPaths(report)
  const generators = Math.round(connectors * GENERATORS)
  const small = new Map<Peer['name'], SmallTasks[]>()
  const many = new Map<Peer['name'], ManyTasks[]>()
  for (let round = 1; round <= rounds; round++) {
    for (const peer of peers) {
      const step = `round ${round} of ${rounds}: ${WORKERS} workers, ${peer.name}`
      report(`${step}, ${connectors} file sources`)
      const files = await measureFileSources(peer, { servers, connectors })
      report(`  ${JSON.stringify(files)}`)
      note(small, peer.name, files)
      report(`${step}, ${generators} generators`)
      const pluginPath = paths[peer.name]
      const tasks = await measureGenerators(peer, { servers, connectors: generators, pluginPath })
      report(`  ${JSON.stringify(tasks)}`)
      note(many, peer.name, tasks)
    }
  }
  return table([...rowsOfFiles(connectors, small), ...rowsOfGenerators(generators, many)])
}

const rowsOfFiles = (count: number, results: ByPeer<SmallTasks>): Row[] => [
  seconds(`${count} file sources: created, s`, results, ({ putMs }) => putMs),
  seconds('  running, s', results, ({ runningMs }) => runningMs),
  compare('  CPU until then, s', results, ({ cpuSeconds }) => cpuSeconds, 'less'),
  seconds('  a follower leaves, s', results, ({ follower }) => follower.leftMs),
  seconds('  the others settle, s', results, ({ follower }) => follower.settledMs),
  seconds('  the leader leaves, s', results, ({ leader }) => leader.leftMs),
  seconds('  the others settle, s', results, ({ leader }) => leader.settledMs),
]

const rowsOfGenerators = (count: number, results: ByPeer<ManyTasks>): Row[] => [
  seconds(`${count} generators, two tasks each: created, s`, results, ({ putMs }) => putMs),
  seconds('  running, s', results, ({ runningMs }) => runningMs),
  compare('  CPU until then, s', results, ({ cpuSeconds }) => cpuSeconds, 'less'),
  kilobytes('  resident for each task, kB', results, ({ resident }) => resident),
  kilobytes('  proportional for each task, kB', results, ({ proportional }) => proportional),
  seconds('  a session expires after SIGKILL, s', results, ({ expiredMs }) => expiredMs),
  seconds('  the others settle, s', results, ({ settledMs }) => settledMs),
]

const seconds = <T>(what: string, results: ByPeer<T>, ms: (result: T) => number): Row =>
  compare(what, results, (result) => ms(result) / 1000, 'less')

const kilobytes = <T>(what: string, results: ByPeer<T>, bytes: (result: T) => number): Row =>
  compare(what, results, (result) => bytes(result) / 1000, 'less')
