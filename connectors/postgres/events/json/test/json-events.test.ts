import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  isJsonValue,
  type ConverterContext,
  type ConverterInstance,
  type SourceRecord,
} from '../../../../../api/index.ts'
import { jsonConverter } from '../../../../../converters/json/index.ts'
import { parseJson } from '../../../../../java/index.ts'
import { remarkRecord } from '../../../snapshot/writer.ts'
import type { Row } from '../../../ports.ts'
import { eventContext, type EventContext } from '../../context.ts'
import { changeRecords, type Change, type ChangeRecords } from '../../records.ts'
import { tableEvents, type TableEvents } from '../../table-events.ts'
import { change, contextOf, eventsOf, origin, rowOf, tableOf, unchanged } from '../../test/fixtures.ts'

const table = tableOf('größe "t"', ['id int not null', 'note text', 'b\\"c text not null', '__proto__ text'])

function converter(schemas: boolean, more: Record<string, unknown> = {}): ConverterInstance {
  const config = {
    'converter.type': 'value',
    'schemas.enable': schemas,
    'schemas.cache.size': 1000,
    'schema.content': null,
    'decimal.format': 'BASE64',
    'replace.null.with.default': true,
    ...more,
  }
  return jsonConverter.create(config, 'value', {} as ConverterContext)
}

function withJson(context: EventContext, { json }: ConverterInstance): EventContext {
  return { ...context, json }
}

type Make = (records: ChangeRecords, events: TableEvents, out: SourceRecord[]) => void

/** Makes records as structs and as JSON, and checks that the converter writes the same bytes for both. */
function assertSame(make: Make, context = contextOf(), given = table): SourceRecord[] {
  let made: SourceRecord[] = []
  for (const schemas of [true, false]) {
    for (const more of [{}, { 'replace.null.with.default': false, 'decimal.format': 'NUMERIC' }]) {
      const instance = converter(schemas, more)
      const both = [context, withJson(context, instance)].map((used) => {
        const out: SourceRecord[] = []
        make(changeRecords(used), eventsOf(given, used), out)
        return out
      })
      const [structs = [], texts = []] = both
      const written = (records: readonly SourceRecord[]) =>
        records.map(({ topic, valueSchema, value }) =>
          instance.fromConnect(topic, valueSchema, value)?.toString(),
        )
      assert.deepEqual(written(texts), written(structs))
      assert.ok(texts.every(({ value }) => value === null || isJsonValue(value)))
      made = texts
    }
  }
  return made
}

const row = rowOf('-12', 'a "quoted"\n\\ tab\t \u0001 ü €', 'x', null)

describe('JSON that is written from the bytes of rows equals that of structs', () => {
  const cases: Readonly<Record<string, Make>> = {
    'for creates': (records, events, out) => records.created(events, row, change, out),
    'for updates with and without an old row': (records, events, out) => {
      records.updated(events, row, null, change, out)
      records.updated(events, row, rowOf('-12', null, null, null), change, out)
    },
    'for unchanged TOASTed cells': (records, events, out) => {
      const sparse = rowOf('-12', unchanged, unchanged, unchanged)
      records.updated(events, sparse, row, change, out)
      records.updated(events, sparse, null, change, out)
    },
    'for changed keys': (records, events, out) =>
      records.updated(events, rowOf('13', unchanged, 'x', 'p'), row, change, out),
    'for deletes and their tombstones': (records, events, out) => records.deleted(events, row, change, out),
  }
  for (const [name, make] of Object.entries(cases)) test(name, () => void assertSame(make))

  test('for truncates', () => {
    const context = contextOf({ settings: { skippedOperations: new Set() } })
    assertSame((records, events, out) => records.truncated(events, change, out), context)
  })

  test('for all values of the source block', () => {
    const origins = [
      { ...origin, lastCommitLsn: null, txId: null, timeUs: null },
      { ...origin, xmin: 7, origin: 'emea "1"', originLsn: 99 },
      { ...origin, marker: 'first' as const },
      { ...origin, marker: 'incremental' as const },
    ]
    assertSame((records, events, out) => {
      for (const from of origins) records.read(events, row, { ...change, origin: from }, out)
    })
  })

  test('with transaction metadata', () => {
    const counter = { count: () => ({ id: '756:200', total_order: 3, data_collection_order: 1 }) }
    assertSame((records, events, out) => records.created(events, row, { ...change, counter }, out))
  })

  test('for a table without columns in values', () => {
    const context = contextOf({ rules: { capturesColumn: () => false } })
    assertSame((records, events, out) => records.created(events, row, change, out), context)
  })
})

test('the marker of a snapshot is replaced in the source block only', () => {
  const odd = tableOf('t', ['id int not null', 'snapshot text'])
  const withMarker = (from: Change, out: SourceRecord[], records: ChangeRecords, events: TableEvents) =>
    records.read(events, rowOf('1', '"snapshot":"true"'), from, out)
  const out = assertSame(
    (records, events, list) =>
      withMarker({ ...change, origin: { ...origin, marker: 'true' } }, list, records, events),
    contextOf(),
    odd,
  )
  const last = remarkRecord(out[0]!, 'last_in_data_collection', { lsn: 3 })
  assert.ok(isJsonValue(last.value))
  const value = parseJson(last.value.text) as {
    after: { snapshot: string }
    source: { snapshot: string; db: string }
  }
  assert.equal(value.source.snapshot, 'last_in_data_collection')
  assert.equal(value.source.db, 'shopdb')
  assert.equal(value.after.snapshot, '"snapshot":"true"')
  assert.deepEqual(last.sourceOffset, { lsn: 3 })
})

test('a NULL that the converter refuses is an error of the row that has it', () => {
  const context = withJson(
    eventContext(contextOf().settings, contextOf().columns, (column, given, from, role) => {
      const reader = contextOf().readerOf(column, given, from, role)
      return reader && { ...reader, fallback: null }
    }),
    converter(false),
  )
  const events = tableEvents(table, ['id', 'b\\"c'], context, 'stream')
  const write = (cells: Row) => changeRecords(context).created(events, cells, change, [])
  write(rowOf('1', 'x'))
  assert.throws(() => write(rowOf('1', null)), /null value for field that is required/)
})
