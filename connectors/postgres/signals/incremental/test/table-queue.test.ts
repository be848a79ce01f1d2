import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Logger, OffsetValue } from '../../../../../api/index.ts'
import { TableQueue } from '../table-queue.ts'

function restored(offset: Record<string, OffsetValue>): { queue: TableQueue; logged: string[] } {
  const logged: string[] = []
  const log = (message: string): void => void logged.push(message)
  const logger: Logger = { error: log, warn: log, info: log, debug: log, trace: log }
  const queue = new TableQueue()
  queue.restore(offset, logger)
  return { queue, logged }
}

const collections = (...ids: string[]): string =>
  JSON.stringify(
    ids.map((id) => ({
      incremental_snapshot_collections_id: id,
      incremental_snapshot_collections_additional_condition: '',
      incremental_snapshot_collections_surrogate_key: '',
      incremental_snapshot_collections_correlation_id: 'sig-1',
    })),
  )

test('what is stored is read again', () => {
  const queue = new TableQueue()
  const table = { condition: 'a > 1', surrogateKey: 's', correlationId: 'sig-1' }
  queue.add([{ ...table, name: { schema: 'a.b', table: 'c"d' } }], 'sig-1')
  queue.setMaximum(['9', null])
  queue.sent(['it\'s "4"', '{}'])
  const { queue: copy, logged } = restored({ ...queue.offsetKeys() })
  assert.deepEqual(copy.offsetKeys(), queue.offsetKeys())
  assert.deepEqual(copy.tables, queue.tables)
  assert.deepEqual(copy.sentKey, ['it\'s "4"', '{}'])
  assert.deepEqual(logged, [])
})

test('an offset of Debezium without keys is continued; empty texts mean that nothing is set', () => {
  const { queue, logged } = restored({
    incremental_snapshot_primary_key: 'ACED000570',
    incremental_snapshot_maximum_key: 'aced000570',
    incremental_snapshot_collections: collections('public.t', 'public.u'),
    incremental_snapshot_correlation_id: null,
  })
  assert.deepEqual(queue.current, {
    name: { schema: 'public', table: 't' },
    condition: undefined,
    surrogateKey: undefined,
    correlationId: 'sig-1',
  })
  assert.equal(queue.tables.length, 2)
  assert.deepEqual(logged, [])
})

test("the current table starts again if its keys are Debezium's, with a line in the log", () => {
  const { queue, logged } = restored({
    incremental_snapshot_primary_key: 'aced0005757200135b4c6a6176612e6c616e672e4f626a6563743b90',
    incremental_snapshot_maximum_key: '["9"]',
    incremental_snapshot_collections: collections('public.t'),
    incremental_snapshot_correlation_id: 'sig-1',
  })
  assert.deepEqual([queue.sentKey, queue.maximumKey], [null, null])
  assert.match(logged.join('\n'), /public\.t starts again/)
})

test('tables that cannot be read are not continued', () => {
  for (const text of ['nonsense', '{}', '[1,{}]']) {
    const { queue } = restored({ incremental_snapshot_collections: text })
    assert.equal(queue.current, undefined)
    assert.deepEqual(queue.offsetKeys(), {})
  }
})

test('keys that are no lists of texts are not used', () => {
  for (const key of ['[1]', '{}', 'x', 5]) {
    const { queue } = restored({
      incremental_snapshot_primary_key: key,
      incremental_snapshot_collections: collections('public.t'),
    })
    assert.equal(queue.sentKey, null)
  }
})

test('a table whose key has another number of columns now starts again', () => {
  const { queue } = restored({
    incremental_snapshot_primary_key: '["1"]',
    incremental_snapshot_maximum_key: '["9"]',
    incremental_snapshot_collections: collections('public.t'),
  })
  queue.expectKey(1)
  assert.deepEqual(queue.sentKey, ['1'])
  queue.expectKey(2)
  assert.deepEqual([queue.sentKey, queue.maximumKey], [null, null])
})

test('the keys are the same object until something changes', () => {
  const queue = new TableQueue()
  assert.equal(queue.offsetKeys(), queue.offsetKeys())
  queue.add(
    [
      {
        name: { schema: 'a', table: 'b' },
        condition: undefined,
        surrogateKey: undefined,
        correlationId: 'x',
      },
    ],
    'x',
  )
  const keys = queue.offsetKeys()
  assert.equal(queue.offsetKeys(), keys)
  queue.sent(['1'])
  assert.notEqual(queue.offsetKeys(), keys)
})
