import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Operation } from '../../ports.ts'
import type { ItemError, ReceivedOperation, ReceivedRequest } from './fake-server.ts'
import { openedWriter } from './opened-writer.ts'
import { operation, signal } from './operations.ts'

const IDS = 40
const OPERATIONS = 3000
const SEEDS = [1, 2, 3, 4, 5, 6]

/** mulberry32 */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const DELETED = 'deleted'

/** The documents of a server, and for each id what was applied to it. */
class Store {
  readonly #versions = new Map<string, number>()
  readonly applied = new Map<string, string[]>()

  apply({ id = '', kind, version, document }: ReceivedOperation): ItemError {
    const stored = this.#versions.get(id)
    if (version !== undefined && stored !== undefined && stored >= version) {
      const reason = `[${id}]: version conflict, current version [${stored}] is higher or equal to the one provided [${version}]`
      return { status: 409, type: 'version_conflict_engine_exception', reason }
    }
    if (version !== undefined) this.#versions.set(id, version)
    const applied = this.applied.get(id) ?? []
    this.applied.set(id, applied)
    applied.push(kind === 'delete' ? DELETED : String(document))
    return undefined
  }
}

const temporary: readonly ItemError[] = [
  { status: 429, type: 'es_rejected_execution_exception' },
  { status: 503, type: 'unavailable_shards_exception' },
  { status: 429, type: 'cluster_block_exception' },
]

/** Answers as a server that fails in every way that passes. */
function answer(request: ReceivedRequest, store: Store, random: () => number): void {
  const kind = random()
  if (kind < 0.05) return request.cut()
  if (kind < 0.1) return request.respond(429, undefined, 50)
  if (kind < 0.13) return request.respond(503)
  if (kind < 0.16 && request.operations.length > 1) return request.respond(413)
  const chance = random() < 0.3 ? 0.2 : 0
  const errors = request.operations.map((received) =>
    random() < chance ? temporary[Math.floor(random() * temporary.length)] : store.apply(received),
  )
  if (random() < 0.1) return request.cut()
  request.answer(errors)
}

async function run(t: TestContext, seed: number, versions: boolean) {
  const random = randomNumbers(seed)
  const store = new Store()
  const opened = openedWriter(t, { batchSize: 50, lingerMs: 5, maxBufferedRecords: 600, maxRetries: 1000 })
  const { writer, server, clock } = opened
  server.onRequest = (request) => void clock.after(random() * 300, () => answer(request, store, random))
  const log: Operation[] = []
  while (log.length < OPERATIONS) {
    const batch = Array.from({ length: Math.ceil(random() * 100) }, (_, index) => {
      const version = versions ? log.length + index + 1 : null
      // Some ids are much more frequent than others
      const id = `id-${Math.floor(random() ** 3 * IDS)}`
      const deletes = random() < 0.1
      const kind = deletes ? 'delete' : versions ? 'index' : 'update'
      return operation(id, log.length + index, { kind, version })
    })
    log.push(...batch)
    writer.add(batch)
    while (!writer.hasRoom) await clock.advanceToNext()
  }
  const flushed = writer.flush(signal)
  while (writer.pending > 0) await clock.advanceToNext()
  await flushed
  return { ...opened, store, log }
}

for (const versions of [true, false]) {
  for (const seed of SEEDS) {
    const title = `random failures ${seed} ${versions ? 'with' : 'without'} versions: each document has its last state`
    test(title, async (t) => {
      const { store, log, settled, failures } = await run(t, seed, versions)
      assert.deepEqual(failures, [])
      assert.equal(settled.length, log.length)
      assert.equal(new Set(settled.map(({ operation: { record } }) => record)).size, log.length)
      for (const [id, operations] of byId(log)) {
        const states = operations.map(stateOf)
        const applied = store.applied.get(id) ?? []
        assert.equal(applied.at(-1), states.at(-1), id)
        const order = inLastOrder(applied.filter((state) => state !== DELETED))
        if (versions) assert.deepEqual(order, order.toSorted(numerically))
        else
          assert.deepEqual(
            order,
            states.filter((state) => state !== DELETED),
            id,
          )
      }
    })
  }
}

function byId(log: readonly Operation[]): ReadonlyMap<string, Operation[]> {
  const ids = new Map<string, Operation[]>()
  for (const one of log) ids.set(one.id ?? '', [...(ids.get(one.id ?? '') ?? []), one])
  return ids
}

const stateOf = ({ kind, lines }: Operation): string =>
  kind === 'delete' ? DELETED : (lines.split('\n')[1] ?? '')
const numerically = (one: string, other: string): number => Number(one) - Number(other)

/** Keeps the last one of equal states: operations may be applied again, but then also all that follow them. */
const inLastOrder = (states: readonly string[]): string[] => [...new Set(states.toReversed())].toReversed()
