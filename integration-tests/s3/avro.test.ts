import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import {
  array,
  BOOLEAN,
  BYTES,
  dateSchema,
  Decimal,
  decimalSchema,
  FLOAT32,
  FLOAT64,
  INT32,
  INT64,
  INT8,
  map,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
  type Schema,
} from '../../api/index.ts'
import {
  avroFormat,
  avroReader,
  defaultAvroData,
  type AvroCodec,
} from '../../connectors/s3/formats/avro/index.ts'
import { runPython } from '../services/index.ts'

/*
 * fastavro reads the files that we write, and we read the files that fastavro writes.
 */

const folder = await mkdtemp(join(tmpdir(), 'headrace-avro-'))
after(() => rm(folder, { recursive: true }))

/** Snappy and zstandard are packages of their own. */
const packages = ['fastavro', 'cramjam', 'backports.zstd']

async function writeAvro(schema: Schema | null, values: readonly unknown[], codec: AvroCodec = 'null') {
  const chunks: Buffer[] = []
  const encoder = avroFormat({ ...defaultAvroData, codec }).open(schema, (bytes) => chunks.push(bytes))
  for (const value of values) encoder.write(value, schema)
  await encoder.end()
  const path = join(folder, `ours-${codec}.avro`)
  await writeFile(path, Buffer.concat(chunks))
  return path
}

async function readAvro(path: string) {
  const content = await readFile(path)
  const object = {
    key: path,
    size: content.length,
    async *stream(from: number) {
      for (let at = from; at < content.length; at += 10_000) yield content.subarray(at, at + 10_000)
    },
    range: (start: number, end: number) => Promise.resolve(content.subarray(start, end)),
  }
  const found = []
  for await (const batch of avroReader(defaultAvroData).read(object, 0, new AbortController().signal)) {
    found.push(...batch)
  }
  return found
}

/** Prints the first value as Python does, and the number of values. */
const readProgram = `
import sys, fastavro
with open(sys.argv[1], 'rb') as file:
    values = list(fastavro.reader(file))
    print(len(values))
    for value in values[:2]:
        for name, item in (value.items() if isinstance(value, dict) else [('', value)]):
            print(name, repr(item))
`

async function readWithPython(path: string): Promise<string[]> {
  return (await runPython(readProgram, { packages, args: [path] })).trimEnd().split('\n')
}

const color = {
  name: 'shop.Color',
  parameters: {
    'io.confluent.connect.avro.Enum': 'shop.Color',
    'io.confluent.connect.avro.Enum.RED': 'RED',
    'io.confluent.connect.avro.Enum.BLUE': 'BLUE',
  },
}
const item = struct({ sku: STRING, price: decimalSchema(2), note: OPTIONAL_STRING }, { name: 'shop.Item' })
const order = struct(
  {
    id: INT64,
    tiny: INT8,
    count: primitive('int32', { defaultValue: 7 }),
    ratio: FLOAT64,
    weight: FLOAT32,
    paid: BOOLEAN,
    raw: BYTES,
    total: decimalSchema(3, { parameters: { 'connect.decimal.precision': '12' } }),
    day: dateSchema(),
    time: timeSchema(),
    at: timestampSchema(),
    items: array(item),
    best: item,
    stock: map(STRING, INT32),
    byDay: map(dateSchema(), OPTIONAL_STRING),
    color: primitive('string', { ...color, optional: true }),
    nothing: OPTIONAL_STRING,
  },
  { name: 'shop.Order', version: 3, doc: 'an order' },
)
const one = { sku: 'a', price: new Decimal(-199n, 2), note: null }
const value = {
  id: 2n ** 62n,
  tiny: -5,
  count: null,
  ratio: 0.1,
  weight: 1.5,
  paid: true,
  raw: Buffer.from([0, 255]),
  total: new Decimal(123456789n, 3),
  day: new Date('2026-11-30'),
  time: new Date(86_399_999),
  at: new Date('2026-11-30T12:13:14.567Z'),
  items: [one, { ...one, note: 'grüße' }],
  best: one,
  stock: new Map([['a', 1]]),
  byDay: new Map([[new Date('1970-01-02'), null]]),
  color: 'BLUE',
  nothing: null,
}

const asPython = [
  'id 4611686018427387904',
  'tiny -5',
  'count 7',
  'ratio 0.1',
  'weight 1.5',
  'paid True',
  String.raw`raw b'\x00\xff'`,
  "total Decimal('123456.789')",
  'day datetime.date(2026, 11, 30)',
  'time datetime.time(23, 59, 59, 999000)',
  'at datetime.datetime(2026, 11, 30, 12, 13, 14, 567000, tzinfo=datetime.timezone.utc)',
  "items [{'sku': 'a', 'price': Decimal('-1.99'), 'note': None}, {'sku': 'a', 'price': Decimal('-1.99'), 'note': 'grüße'}]",
  "best {'sku': 'a', 'price': Decimal('-1.99'), 'note': None}",
  "stock {'a': 1}",
  "byDay [{'key': datetime.date(1970, 1, 2), 'value': None}]",
  "color 'BLUE'",
  'nothing None',
]

for (const codec of ['null', 'deflate', 'snappy'] as const) {
  test(`fastavro reads our files with ${codec}: logical types, nested values and nulls`, async () => {
    const path = await writeAvro(
      order,
      Array.from({ length: 5000 }, () => value),
      codec,
    )
    assert.deepEqual(await readWithPython(path), ['5000', ...asPython, ...asPython])
  })
}

test('fastavro reads our files of values that are not structs', async () => {
  assert.deepEqual(
    await readWithPython(await writeAvro(primitive('string', { optional: true }), ['a', null])),
    ['2', " 'a'", ' None'],
  )
  assert.deepEqual(await readWithPython(await writeAvro(decimalSchema(1), [new Decimal(15n, 1)])), [
    '1',
    " Decimal('1.5')",
  ])
})

const writeProgram = `
import sys, datetime, decimal, fastavro
schema = fastavro.parse_schema({
    'type': 'record', 'name': 'shop.Order', 'doc': 'an order', 'fields': [
        {'name': 'id', 'type': 'long'},
        {'name': 'total', 'type': {'type': 'bytes', 'logicalType': 'decimal', 'precision': 12, 'scale': 3}},
        {'name': 'exact', 'type': {'type': 'fixed', 'name': 'Exact', 'size': 8, 'logicalType': 'decimal', 'precision': 10, 'scale': 1}},
        {'name': 'day', 'type': {'type': 'int', 'logicalType': 'date'}},
        {'name': 'time', 'type': {'type': 'int', 'logicalType': 'time-millis'}},
        {'name': 'at', 'type': ['null', {'type': 'long', 'logicalType': 'timestamp-millis'}], 'default': None},
        {'name': 'items', 'type': {'type': 'array', 'items': {'type': 'record', 'name': 'Item', 'fields': [
            {'name': 'sku', 'type': 'string', 'default': '?'}]}}},
        {'name': 'best', 'type': ['null', 'Item']},
        {'name': 'stock', 'type': {'type': 'map', 'values': 'int'}},
        {'name': 'color', 'type': {'type': 'enum', 'name': 'Color', 'symbols': ['RED', 'BLUE']}},
        {'name': 'either', 'type': ['int', 'string', 'null']},
    ]})
value = {
    'id': -2 ** 63, 'total': decimal.Decimal('-1.5'), 'exact': decimal.Decimal('-0.7'), 'day': datetime.date(2026, 11, 30),
    'time': datetime.time(1, 2, 3, 4000), 'at': datetime.datetime(2026, 11, 30, 1, 2, 3, 4000, tzinfo=datetime.timezone.utc),
    'items': [{'sku': 'a'}, {'sku': 'b'}], 'best': {'sku': 'c'}, 'stock': {'a': 1, '__proto__': 2}, 'color': 'BLUE', 'either': 'x',
}
with open(sys.argv[1], 'wb') as file:
    fastavro.writer(file, schema, [value] * 3000, codec=sys.argv[2])
`

for (const codec of ['null', 'deflate', 'snappy', 'zstandard']) {
  test(`we read files of fastavro with ${codec}: logical types, references, unions and enums`, async () => {
    const path = join(folder, `fastavro-${codec}.avro`)
    await runPython(writeProgram, { packages, args: [path, codec] })
    const found = await readAvro(path)
    assert.equal(found.length, 3000)
    assert.deepEqual(found.at(-1)?.value, {
      id: -(2n ** 63n),
      total: new Decimal(-1500n, 3),
      exact: new Decimal(-7n, 1),
      day: new Date('2026-11-30'),
      time: new Date(3_723_004),
      at: new Date('2026-11-30T01:02:03.004Z'),
      items: [{ sku: 'a' }, { sku: 'b' }],
      best: { sku: 'c' },
      stock: new Map([
        ['a', 1],
        ['__proto__', 2],
      ]),
      color: 'BLUE',
      either: { int: null, string: 'x' },
    })
    const schema = found[0]?.schema
    assert.equal(schema?.name, 'shop.Order')
    assert.deepEqual(schema.field('total')?.schema.parameters, {
      'scale': '3',
      'connect.decimal.precision': '12',
    })
    assert.equal(schema.field('at')?.schema, timestampSchema({ optional: true }))
  })
}

test('a file of fastavro that we write again is read by fastavro with the same values', async () => {
  const path = join(folder, 'again.avro')
  await runPython(writeProgram, { packages, args: [path, 'null'] })
  const found = await readAvro(path)
  const schema = found[0]?.schema ?? null
  const ours = await writeAvro(
    schema,
    found.map((record) => record.value),
  )
  assert.deepEqual(await readWithPython(ours), await readWithPython(path))
})
