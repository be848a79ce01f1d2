import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger, SourcePartition } from '../../../api/index.ts'
import { ConnectorOffsetStore } from '../connector-offset-store.ts'
import type { OffsetStore, PartitionOffsetEntry, StoredOffset } from '../ports.ts'

const CONNECTOR = 'lines'
const a = { file: 'a' }
const b = { file: 'b' }
const at = (position: number) => ({ position })

/** A store in memory that records its writes in a journal and can be made to fail. */
class JournalStore implements OffsetStore {
  failure: Error | undefined
  readonly #name: string
  readonly #journal: string[]
  readonly #entries: Map<string, StoredOffset>

  constructor(
    name: string,
    journal: string[],
    entries: readonly (readonly [SourcePartition, StoredOffset])[],
  ) {
    this.#name = name
    this.#journal = journal
    this.#entries = new Map(entries.map(([partition, offset]) => [JSON.stringify(partition), offset]))
  }

  async start(): Promise<void> {
    this.#journal.push(`${this.#name} starts`)
  }

  async stop(): Promise<void> {
    this.#journal.push(`${this.#name} stops`)
  }

  async get(_connector: string, partitions: readonly SourcePartition[]) {
    return partitions.map((partition) => this.#entries.get(JSON.stringify(partition)))
  }

  async set(_connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    await Promise.resolve()
    if (this.failure !== undefined) throw this.failure
    for (const [partition, offset] of offsets) {
      const key = JSON.stringify(partition)
      if (offset === null) this.#entries.delete(key)
      else this.#entries.set(key, offset)
      const written = offset === null ? 'nothing' : String(offset['position'])
      this.#journal.push(`${this.#name}: ${String(partition?.['file'])} is at ${written}`)
    }
  }

  async all(): Promise<PartitionOffsetEntry[]> {
    return [...this.#entries].map(([key, offset]) => [JSON.parse(key) as SourcePartition, offset])
  }
}

type Entries = readonly (readonly [SourcePartition, StoredOffset])[]

function openStore(own: Entries = [], worker: Entries = []) {
  const journal: string[] = []
  const warnings: string[] = []
  const stores = {
    own: new JournalStore('own', journal, own),
    worker: new JournalStore('worker', journal, worker),
  }
  const log = { warn: (message: string) => void warnings.push(message) } as unknown as Logger
  return { ...stores, journal, warnings, store: new ConnectorOffsetStore(stores.own, stores.worker, log) }
}

/** Waits until background writes have completed. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test("an offset in the connector's own topic takes precedence over the worker's", async () => {
  const { store } = openStore([[a, at(7)]], [[a, at(9)], [b, at(3)]]) // prettier-ignore
  assert.deepEqual(await store.get(CONNECTOR, [a, b, { file: 'c' }]), [at(7), at(3), undefined])
})

test('when all offsets are merged, those of the own topic take precedence', async () => {
  const { store } = openStore([[a, at(1)], [{ file: 'c' }, at(4)]], [[a, at(2)], [b, at(3)]]) // prettier-ignore
  const all = [[a, at(1)], [b, at(3)], [{ file: 'c' }, at(4)]] // prettier-ignore
  assert.deepEqual(await store.all(CONNECTOR), all)
})

test("an offset is written to the own topic before the worker's store", async () => {
  const { store, journal } = openStore()
  await store.set(CONNECTOR, [[a, at(5)]])
  assert.equal(journal[0], 'own: a is at 5')
  await settle()
  assert.deepEqual(journal, ['own: a is at 5', 'worker: a is at 5'])
})

test("an offset is deleted from the worker's store before the own topic", async () => {
  const { store, journal } = openStore([[a, at(5)]], [[a, at(4)]])
  await store.set(CONNECTOR, [[a, null], [b, at(2)]]) // prettier-ignore
  await settle()
  const order = ['worker: a is at nothing', 'own: a is at nothing', 'own: b is at 2', 'worker: b is at 2']
  assert.deepEqual(journal, order)
  assert.deepEqual(await store.get(CONNECTOR, [a, b]), [undefined, at(2)])
})

test("a write that the own topic rejects fails and does not change the worker's store", async () => {
  const { store, own, journal } = openStore()
  own.failure = new Error('no leader')
  await assert.rejects(store.set(CONNECTOR, [[a, at(5)]]), /no leader/)
  await settle()
  assert.deepEqual(journal, [])
})

test("an offset that cannot be deleted from the worker's store stays in the own topic", async () => {
  const { store, worker } = openStore([[a, at(5)]], [[a, at(4)]])
  worker.failure = new Error('no leader')
  await assert.rejects(store.set(CONNECTOR, [[a, null]]), /no leader/)
  assert.deepEqual(await store.get(CONNECTOR, [a]), [at(5)])
})

test("a copy that the worker's store rejects only causes a warning", async () => {
  const { store, worker, warnings } = openStore()
  worker.failure = new Error('no leader')
  await store.set(CONNECTOR, [[a, at(5)]])
  await settle()
  assert.equal(warnings.length, 1)
  assert.deepEqual(await store.get(CONNECTOR, [a]), [at(5)])
})

test('only the own topic is started and stopped', async () => {
  const { store, journal } = openStore()
  await store.start()
  await store.stop()
  assert.deepEqual(journal, ['own starts', 'own stops'])
})
