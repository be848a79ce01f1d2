import { median, type Row } from '../report.ts'
import { peers, type Peer } from './peers.ts'

/** The results of each worker, one per round. */
export type ByPeer<T> = ReadonlyMap<Peer['name'], readonly T[]>

export function note<T>(into: Map<Peer['name'], T[]>, name: Peer['name'], result: T): void {
  const known = into.get(name) ?? []
  into.set(name, [...known, result])
}

/** Returns a row that compares one value of the results of both workers. */
export function compare<T>(
  what: string,
  results: ByPeer<T>,
  value: (result: T) => number,
  better: 'more' | 'less',
): Row {
  const [java = [], headrace = []] = peers.map(({ name }) => (results.get(name) ?? []).map(value))
  const ratio = better === 'more' ? median(headrace) / median(java) : median(java) / median(headrace)
  return { what, java, headrace, ratio }
}
