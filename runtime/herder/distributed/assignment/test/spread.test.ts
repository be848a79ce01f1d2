import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Candidates } from '../eligible-workers.ts'
import { spread } from '../spread.ts'
import { isBefore, type Item } from '../work.ts'

/** Task 0 of each connector. */
const tasks = (...connectors: readonly string[]): Item[] =>
  connectors.map((connector) => ({ connector, task: 0 }))

/** The workers that may run a connector are the digits in its name; all workers, if it has none. */
const digits = new Map<string, ReadonlySet<string>>()
const eligible = (connector: string) => {
  const found = connector.replaceAll(/\D/g, '')
  if (found === '') return undefined
  const set = digits.get(found) ?? new Set(found)
  digits.set(found, set)
  return set
}

function spreadOf(held: Readonly<Record<string, readonly Item[]>>, open: readonly Item[], levels = true) {
  const { placed, surplus, unplaced } = spread(
    new Map(Object.entries(held)),
    open,
    new Candidates(Object.keys(held), eligible),
    levels,
  )
  const names = (shares: ReadonlyMap<string, readonly Item[]>) =>
    Object.fromEntries(
      [...shares].map(([id, items]) => [id, items.map(({ connector }) => connector).join(' ')]),
    )
  return { placed: names(placed), surplus: names(surplus), unplaced: unplaced.map((item) => item.connector) }
}

test('an item goes to the worker with the fewest items among those that may run it', () => {
  assert.deepEqual(spreadOf({ 1: tasks('a', 'b'), 2: tasks('c'), 3: tasks('d') }, tasks('x12')), {
    placed: { 1: '', 2: 'x12', 3: '' },
    surplus: {},
    unplaced: [],
  })
})

test('an item that no worker may run is not placed', () => {
  assert.deepEqual(spreadOf({ 1: [], 2: [] }, tasks('x9')).unplaced, ['x9'])
})

test('items that few workers may run are placed first', () => {
  assert.deepEqual(spreadOf({ 1: [], 2: [] }, tasks('a', 'z1')).placed, { 1: 'z1', 2: 'a' })
})

test('a worker gives items away only to workers that may run them', () => {
  const held = { 1: tasks('x12', 'y12', 'z1', 'z13'), 2: [], 3: tasks('a', 'b', 'c') }
  assert.deepEqual(spreadOf(held, []).surplus, { 1: 'y12 x12' })
})

test('items that no worker runs yet move first, because nothing has to stop for them', () => {
  const held = { 1: tasks('a12', 'b12'), 2: [] }
  assert.deepEqual(spreadOf(held, tasks('x1')), {
    placed: { 1: 'x1', 2: '' },
    surplus: { 1: 'b12' },
    unplaced: [],
  })
  assert.deepEqual(spreadOf(held, tasks('x12', 'y12')).surplus, {})
})

test('without levelling, nothing that runs moves', () => {
  assert.deepEqual(spreadOf({ 1: tasks('a', 'b', 'c'), 2: [] }, tasks('x'), false), {
    placed: { 1: '', 2: 'x' },
    surplus: {},
    unplaced: [],
  })
})

test('the order of the arguments does not matter', () => {
  const [one, two] = [tasks('a', 'b', 'c12'), tasks('d')]
  const open = tasks('x', 'y2', 'z')
  const candidates = new Candidates(['1', '2', '3'], eligible)
  const forth = spread(new Map([['1', one], ['2', two], ['3', []]]), open, candidates, true) // prettier-ignore
  const back = spread(new Map([['3', []], ['2', two], ['1', one]]), open.toReversed(), candidates, true) // prettier-ignore
  assert.deepEqual(back, forth)
})

test('connectors come before their tasks, and tasks are ordered by number', () => {
  const items: Item[] = [{ connector: 'b', task: null }, { connector: 'a', task: 10 }, { connector: 'a', task: 2 }, { connector: 'a', task: null }] // prettier-ignore
  const sorted = items.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
  assert.deepEqual(
    sorted.map(({ connector, task }) => `${connector} ${task}`),
    ['a null', 'a 2', 'a 10', 'b null'],
  )
})
