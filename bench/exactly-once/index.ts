import { uniqueName } from '../../integration-tests/services/index.ts'
import { cell, figure, markdownTable, median } from '../report.ts'
import type { PipelineOptions } from '../pipeline/index.ts'
import { prepareCourse } from '../pipeline/course.ts'
import { peers, type Peer } from '../pipeline/peers.ts'
import { measureThroughput } from '../pipeline/throughput.ts'
import type { Workload } from '../pipeline/workload.ts'

const INTERVAL_MS = '1000'
const string = 'org.apache.kafka.connect.storage.StringConverter'

interface Variant {
  readonly title: string
  /** `exactly.once.source.support` of the worker. */
  readonly support: 'disabled' | 'enabled'
  readonly config: Readonly<Record<string, string>>
}

const atLeastOnce: Variant = { title: 'at least once', support: 'disabled', config: {} }
const byPoll: Variant = {
  title: 'exactly once, by poll',
  support: 'enabled',
  config: { 'transaction.boundary': 'poll' },
}
const byInterval: Variant = {
  title: `exactly once, every ${INTERVAL_MS} ms`,
  support: 'enabled',
  config: { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': INTERVAL_MS },
}
const variants = [atLeastOnce, byPoll, byInterval]

/** Records per second, one per round. */
type Rates = Map<Variant, Map<Peer['name'], number[]>>

/** Measures a file source with and without transactions, in both workers. */
export async function benchExactlyOnce({ lines, rounds, report }: PipelineOptions): Promise<string> {
  const { servers, course, close } = await prepareCourse(lines, report)
  const rates: Rates = new Map(
    variants.map((variant) => [variant, new Map(peers.map(({ name }) => [name, []]))]),
  )
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const peer of peers) {
        for (const variant of variants) {
          report(`round ${round} of ${rounds}: ${peer.name}, ${variant.title}`)
          const worker = await peer.start(servers, { 'exactly.once.source.support': variant.support })
          const workload = workloadOf(variant)
          const { rate } = await measureThroughput(worker, workload, {
            ...course,
            topic: uniqueName('bench'),
          })
          rates.get(variant)?.get(peer.name)?.push(rate)
          await worker.stop()
        }
      }
    }
  } finally {
    await close()
  }
  return resultTable(rates)
}

const workloadOf = ({ title, config }: Variant): Workload => ({
  title,
  direction: 'file to topic',
  config: { 'key.converter': string, 'value.converter': string, ...config },
})

function resultTable(rates: Rates): string {
  const of = (variant: Variant, name: Peer['name']) => rates.get(variant)?.get(name) ?? []
  const share = (variant: Variant, name: Peer['name']) =>
    (median(of(variant, name)) / median(of(atLeastOnce, name))).toFixed(2)
  const head = ['records/s', 'Java', 'share', 'Headrace', 'share', 'Headrace : Java']
  const rows = variants.map((variant) => {
    const [java, headrace] = [of(variant, 'Java 4.3.1'), of(variant, 'Headrace')]
    const ratio = `${figure(median(headrace) / median(java))} ×`
    return [
      variant.title,
      cell(java),
      share(variant, 'Java 4.3.1'),
      cell(headrace),
      share(variant, 'Headrace'),
      ratio,
    ]
  })
  return markdownTable(head, rows)
}
