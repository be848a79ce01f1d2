import autocannon, { type Result } from 'autocannon'
import { setTimeout as pause } from 'node:timers/promises'
import { sharedKafka, uniqueName, workFolder } from '../../integration-tests/services/index.ts'
import { peers, type RunningPeer } from '../pipeline/peers.ts'
import { usageOf } from '../pipeline/process-tree.ts'
import { figure, markdownTable } from '../report.ts'
import { mixOf, type Kind } from './requests.ts'
import { startTraffic, type Traffic } from './traffic.ts'

export interface RestOptions {
  /** How long requests are sent. */
  readonly loadSeconds: number
  report(text: string): void
}

/** Lines a second while nobody asks anything are counted for so long. */
const QUIET_MS = 15_000
const IDLE_CONNECTORS = 4

interface Flow {
  readonly added: number
  readonly arrived: number
}

interface KindOutcome {
  readonly title: string
  readonly result: Result
  /** How long each answer took, in milliseconds. */
  readonly times: readonly number[]
}

interface Outcome {
  readonly kinds: readonly KindOutcome[]
  readonly before: Flow
  readonly during: Flow
  /** Processor seconds a second, of the worker and its children. */
  readonly cpu: number
}

/** Answer times of both workers while 20 connectors of theirs move data, and whether these keep their rate. */
export async function benchRest({ loadSeconds, report }: RestOptions): Promise<string> {
  const servers = await sharedKafka(report)
  const outcomes: Outcome[] = []
  for (const peer of peers) {
    report(`${peer.name}: 20 connectors and ${loadSeconds} s of requests`)
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

/** Lines a second while something is done. */
async function flowDuring(traffic: Traffic, work: () => Promise<unknown>): Promise<Flow> {
  const [from, at] = [await traffic.count(), performance.now()]
  await work()
  const [to, seconds] = [await traffic.count(), (performance.now() - at) / 1000]
  return { added: (to.added - from.added) / seconds, arrived: (to.arrived - from.arrived) / seconds }
}

function render(outcomes: readonly Outcome[]): string {
  const head = ['', ...peers.map(({ name }) => `${name}: p50 / p99 / max ms`), 'answers', 'not 2xx']
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
    flow('lines/s, nobody asks', ({ before }) => before),
    flow('lines/s, under load', ({ during }) => during),
    ['processors busy', ...outcomes.map(({ cpu }) => figure(cpu)), '', ''],
  ])
}

function allGets(outcomes: readonly Outcome[]): string[] {
  const times = outcomes.map(({ kinds }) =>
    kinds.flatMap((kind) => (kind.title.startsWith('GET') ? kind.times : [])).toSorted((a, b) => a - b),
  )
  const shown = times.map((sorted) =>
    [0.5, 0.99, 1].map((share) => figure(quantile(sorted, share))).join(' / '),
  )
  return ['all GETs together', ...shown, times.map(({ length }) => String(length)).join(' and '), '']
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
