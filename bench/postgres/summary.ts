import type { ByPeer } from '../pipeline/by-peer.ts'
import { peers, type Peer } from '../pipeline/peers.ts'
import { cell, figure, markdownTable, median } from '../report.ts'
import type { Results } from './results.ts'

/** The results of one kind of converters. */
export interface Variant {
  readonly schemas: boolean
  readonly results: ByPeer<Results>
  /** Records per second of a bare producer, one per round. */
  readonly bare: readonly number[]
}

interface Line {
  readonly what: string
  value(results: Results): number
  readonly better: 'more' | 'less'
  /** Whether a bare producer limits the value. */
  readonly limited?: boolean
}

const lines: readonly Line[] = [
  { what: 'snapshot: records/s', value: ({ snapshot }) => snapshot.rate, better: 'more', limited: true },
  { what: '  from the start to the last, s', value: ({ snapshot }) => snapshot.seconds, better: 'less' },
  { what: '  CPU seconds per million', value: ({ snapshot }) => snapshot.cpuPerMillion, better: 'less' },
  { what: '  peak resident, MB', value: ({ snapshot }) => snapshot.peak / 1e6, better: 'less' },
  { what: 'catch-up: records/s', value: ({ catchUp }) => catchUp.rate, better: 'more', limited: true },
  { what: '  from the start to the last, s', value: ({ catchUp }) => catchUp.seconds, better: 'less' },
  { what: '  CPU seconds per million', value: ({ catchUp }) => catchUp.cpuPerMillion, better: 'less' },
  { what: '  peak resident, MB', value: ({ catchUp }) => catchUp.peak / 1e6, better: 'less' },
  { what: 'live: records/s', value: ({ live }) => live.rate, better: 'more' },
  { what: '  CPU seconds per million', value: ({ live }) => live.cpuPerMillion, better: 'less' },
  { what: '  peak resident, MB', value: ({ live }) => live.peak / 1e6, better: 'less' },
  { what: 'latency: median, ms', value: ({ latency }) => latency.median, better: 'less' },
  { what: '  99 %, ms', value: ({ latency }) => latency.p99, better: 'less' },
  {
    what: 'latency with poll.interval.ms 10: median, ms',
    value: ({ latencyOfShortPolls }) => latencyOfShortPolls.median,
    better: 'less',
  },
  { what: '  99 %, ms', value: ({ latencyOfShortPolls }) => latencyOfShortPolls.p99, better: 'less' },
]

/** Formats a table for each kind of converters, with the workers that were measured. */
export function summary(variants: readonly Variant[]): string {
  return variants.map(section).join('\n\n')
}

function section({ schemas, results, bare }: Variant): string {
  const measured = peers.map(({ name }) => name).filter((name) => results.has(name))
  const both = measured.length === peers.length
  const head = ['', ...measured, ...(both ? ['ratio'] : []), 'of a bare producer']
  const rows = lines.map((line) => {
    const values = measured.map((name) => (results.get(name) ?? []).map(line.value))
    return [
      line.what,
      ...values.map(cell),
      ...(both ? [ratio(values, line.better)] : []),
      line.limited === true ? share(valuesOf(results, 'Headrace', line), bare) : '',
    ]
  })
  const bytes = median([...results.values()].flat().map(({ recordBytes }) => recordBytes))
  const title = `JSON ${schemas ? 'with' : 'without'} schemas, records of ${figure(bytes)} bytes; a bare producer sends ${cell(bare)} records/s`
  return `${title}\n\n${markdownTable(head, rows)}`
}

function valuesOf(results: ByPeer<Results>, name: Peer['name'], { value }: Line): readonly number[] {
  return (results.get(name) ?? []).map(value)
}

function ratio([java = [], headrace = []]: readonly (readonly number[])[], better: 'more' | 'less'): string {
  const quotient = median(headrace) / median(java)
  return `${(better === 'more' ? quotient : 1 / quotient).toFixed(1)} ×`
}

function share(values: readonly number[], bare: readonly number[]): string {
  return values.length === 0 ? '' : (median(values) / median(bare)).toFixed(2)
}
