import autocannon, { type Result } from 'autocannon'
import { setTimeout as pause } from 'node:timers/promises'
import { sharedKafka, uniqueName, workFolder } from '../../integration-tests/services/index.ts'
import { peers, type RunningPeer } from '../pipeline/peers.ts'
import { usageOf } from '../pipeline/process-tree.ts'
import { figure, markdownTable } from '../report.ts'
import { mixOf, type Kind } from './requests.ts'
import { startTraffic, type Traffic } from './traffic.ts'

export interface RestOptions {
  /** Duration of the load. */
  readonly loadSeconds: number
  report(text: string): void
}

/** Duration of the measurement without requests. */
const QUIET_MS = 15_000
const IDLE_CONNECTORS = 4

interface Flow {
  readonly added: number
  readonly arrived: number
}

interface KindOutcome {
  readonly title: string
  readonly result: Result
  /** Response times, in milliseconds. */
  readonly times: readonly number[]
}

interface Outcome {
  readonly kinds: readonly KindOutcome[]
  readonly before: Flow
  readonly during: Flow
  /** CPU seconds per second, of the worker and its child processes. */
  readonly cpu: number
}

/** Measures the response times of both workers while 20 connectors move data, and the throughput of these connectors. */
export async function benchRest({ loadSeconds, report }: RestOptions): Promise<string> {
  const servers = await sharedKafka(report)
  const outcomes: Outcome[] = []
  for (const peer of peers) {
    report(`${peer.name}: 20 connectors, ${loadSeconds} s of requests`)
    const worker = await peer.start(servers)
    outcomes.push(await underLoad(worker, loadSeconds))
    await worker.stop()
  }
  return render(outcomes)
}

async function underLoad(worker: RunningPeer, loadSeconds: number): Promise<Outcome> {
  const folder = workFolder('rest-load')
  const traffic = await startTraffic(worker.rest, folder)
  try {
    const idle = await startIdle(worker)
    const before = await flowDuring(traffic, () => pause(QUIET_MS))
    const used = await usageOf(worker.pid)
    let kinds: Outcome['kinds'] = []
    const during = await flowDuring(traffic, async () => {
      kinds = await Promise.all(
        mixOf(traffic.connectors, idle).map((kind) => send(worker.rest.url, kind, loadSeconds)),
      )
    })
    const cpu = ((await usageOf(worker.pid)).cpuSeconds - used.cpuSeconds) / loadSeconds
    return { kinds, before, during, cpu }
  } finally {
    await traffic.stop()
  }
}

async function startIdle({ rest }: RunningPeer): Promise<string[]> {
  const names = Array.from({ length: IDLE_CONNECTORS }, () => uniqueName('idle'))
  for (const name of names) {
    await rest.put(name, { 'connector.class': 'FileStreamSource', 'file': '/dev/null', 'topic': name })
  }
  for (const name of names) await rest.untilState(name, 'RUNNING')
  return names
}

async function send(
  url: string,
  { title, connections, rate, requests }: Kind,
  duration: number,
): Promise<KindOutcome> {
  const times: number[] = []
  const result = await autocannon({
    url,
    connections,
    overallRate: rate,
    duration,
    requests: [...requests],
    ignoreCoordinatedOmission: true,
    setupClient: (client) => client.on('response', (_status, _bytes, ms) => void times.push(ms)),
  })
  return { title, result, times }
}

/** Measures the lines per second during `work`. */
async function flowDuring(traffic: Traffic, work: () => Promise<unknown>): Promise<Flow> {
  const [from, at] = [await traffic.count(), performance.now()]
  await work()
  const [to, seconds] = [await traffic.count(), (performance.now() - at) / 1000]
  return { added: (to.added - from.added) / seconds, arrived: (to.arrived - from.arrived) / seconds }
}

function render(outcomes: readonly Outcome[]): string {
  const head = ['', ...peers.map(({ name }) => `${name}: p50 / p99 / max ms`), 'responses', 'not 2xx']
  const titles = outcomes[0]?.kinds.map(({ title }) => title) ?? []
  const lines = titles.map((title, at) => {
    const results = outcomes.flatMap(({ kinds }) => kinds[at]?.result ?? [])
    const times = results.map(({ latency: { p50, p99, max } }) => [p50, p99, max].map(figure).join(' / '))
    const answers = results.map((result) => String(result.requests.total))
    const failed = results.map((result) => String(result.non2xx + result.errors))
    return [title, ...times, answers.join(' and '), failed.join(' and ')]
  })
  const flow = (what: string, of: (outcome: Outcome) => Flow) => [
    what,
    ...outcomes.map((outcome) => `${figure(of(outcome).arrived)} of ${figure(of(outcome).added)}`),
    '',
    '',
  ]
  return markdownTable(head, [
    ...lines,
    allGets(outcomes),
    flow('lines/s, no requests', ({ before }) => before),
    flow('lines/s, under load', ({ during }) => during),
    ['CPU cores used', ...outcomes.map(({ cpu }) => figure(cpu)), '', ''],
  ])
}

function allGets(outcomes: readonly Outcome[]): string[] {
  const times = outcomes.map(({ kinds }) =>
    kinds.flatMap((kind) => (kind.title.startsWith('GET') ? kind.times : [])).toSorted((a, b) => a - b),
  )
  const shown = times.map((sorted) =>
    [0.5, 0.99, 1].map((share) => figure(quantile(sorted, share))).join(' / '),
  )
  return ['all GETs', ...shown, times.map(({ length }) => String(length)).join(' and '), '']
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
