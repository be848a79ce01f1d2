import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinkNaming } from '../../naming/sink-naming.ts'
import type { SeriesName } from '../../plan.ts'
import { SeriesPositions } from '../../positions/series-positions.ts'
import { SeriesRun } from '../series-run.ts'

const SERIES = 'topics/t/p/t+0+'
const parse = sinkNaming({
  topicsDir: 'topics',
  directoryDelim: '/',
  fileDelim: '+',
  tombstoneDirectory: 'tombstone',
})

function newRun(stored?: Parameters<SeriesPositions['learn']>[1]): {
  run: SeriesRun
  positions: SeriesPositions
} {
  const positions = new SeriesPositions('b')
  positions.learn(SERIES, stored)
  return { run: new SeriesRun(SERIES, positions), positions }
}

function add(run: SeriesRun, end: string, lastModified = 1): void {
  const key = SERIES + end
  run.add({ key, size: 1, etag: '', lastModified }, parse(key) as SeriesName)
}

const names = (run: SeriesRun, keepLast = false) => run.take(keepLast).map(({ place }) => place.name)

test('with padded offsets, all but the last name can be passed on in the middle of the listing', () => {
  const { run } = newRun()
  for (const end of ['01.headers.avro', '01.json', '01.keys.avro', '02.json']) add(run, end)
  assert.ok(run.canPassOn)
  assert.deepEqual(names(run, true), ['01.json'])
  add(run, '02.keys.avro')
  const [set] = run.take(false)
  assert.equal(set?.objects.keys?.key, `${SERIES}02.keys.avro`)
})

test('offsets of different widths are only passed on at the end of the listing', () => {
  const { run } = newRun()
  for (const end of ['10.json', '11.json', '2.json']) add(run, end)
  assert.ok(!run.canPassOn)
  assert.deepEqual(names(run), ['2.json', '10.json', '11.json'])
})

test('objects with the same offset are read in the order of their extensions', () => {
  const { run } = newRun({ object: '01.avro', records: 5, done: true })
  for (const end of ['01.avro', '01.json', '01.json.gz']) add(run, end)
  assert.deepEqual(names(run), ['01.json', '01.json.gz'])
})

test('too many names are left out from some offset on, for the next listing', () => {
  const { run, positions } = newRun()
  const ends = Array.from({ length: 25_000 }, (_, index) => String(index)).toSorted()
  for (const end of ends) add(run, `${end}.json`)
  assert.ok(run.overflowed)
  assert.ok(run.size <= 10_000)
  const taken = run.take(false)
  assert.deepEqual(
    taken.map(({ place }) => place.start),
    taken.map((_, index) => index),
  )
  for (const { place, objects } of taken) {
    if (objects.value !== null) positions.issue(place, objects.value).moved(1, true)
  }
  const next = new SeriesRun(SERIES, positions)
  for (const end of ends) add(next, `${end}.json`)
  assert.equal(next.take(false)[0]?.place.start, taken.length)
})

test('objects before the mark are late if they were modified after what has been read', () => {
  const { run } = newRun({ object: '10.json', records: 1, done: true, modified: 50 })
  add(run, '01.json', 49)
  add(run, '02.json', 51)
  add(run, '03.json', 52)
  add(run, '03.keys.avro', 52)
  assert.equal(run.late.count, 2)
  assert.equal(run.late.first?.key, `${SERIES}02.json`)
  run.acknowledgeLate()
  add(run, '03.json', 52)
  assert.equal(run.late.count, 2)
})
