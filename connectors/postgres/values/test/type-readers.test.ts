import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal, type Schema } from '../../../../api/index.ts'
import { numeric, omittedOrReader, readerOf, readText, type ColumnOptions } from './columns.ts'

type Case = readonly [
  type: string,
  options: ColumnOptions,
  schema: string,
  values: Readonly<Record<string, unknown>>,
]

const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const asHex: ColumnOptions = { settings: { binaryMode: 'hex' } }
const asUrl: ColumnOptions = { settings: { binaryMode: 'base64-url-safe' } }
const asBase64: ColumnOptions = { settings: { binaryMode: 'base64' } }
const asDouble: ColumnOptions = { settings: { decimalMode: 'double' } }
const asString: ColumnOptions = { settings: { decimalMode: 'string' } }
const unknown: ColumnOptions = { settings: { includeUnknownDatatypes: true } }
const point = hex('0101000000000000000000f83f00000000000000c0')

/** Values and schemas as Debezium 3.6.1 writes them. */
const cases: readonly Case[] = [
  ['bool', {}, 'boolean', { t: true, f: false }],
  ['int2', {}, 'int16', { '-32768': -32768, 0: 0 }],
  ['int4', {}, 'int32', { '2147483647': 2147483647, '-7': -7 }],
  [
    'int8',
    {},
    'int64',
    {
      '-9223372036854775808': -9223372036854775808n,
      '123456789012345': 123456789012345,
      '9007199254740992': 9007199254740992n,
    },
  ],
  ['oid', {}, 'int64', { '4294967295': 4294967295 }],
  [
    'float4',
    {},
    'float32',
    { '1.1': Math.fround(1.1), 'NaN': Number.NaN, '-Infinity': -Infinity, '1e+10': 1e10 },
  ],
  [
    'float8',
    {},
    'float64',
    { '-1.7976931348623157e+308': -Number.MAX_VALUE, '2.25': 2.25, '0.1': 0.1, '-0': -0 },
  ],
  [
    'numeric',
    { typmod: numeric(10, 2) },
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=2 connect.decimal.precision=10',
    { '123.45': new Decimal(12345n, 2), '-99999999.99': new Decimal(-9999999999n, 2) },
  ],
  [
    'numeric',
    { typmod: numeric(60, 20) },
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=20 connect.decimal.precision=60',
    { '-0.00000000000000000001': new Decimal(-1n, 20) },
  ],
  [
    'numeric',
    { typmod: numeric(5, -2) },
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=-2 connect.decimal.precision=5',
    { '12300': new Decimal(123n, -2), '0': new Decimal(0n, -2) },
  ],
  [
    'numeric',
    {},
    'struct io.debezium.data.VariableScaleDecimal v1 {scale:int32, value:bytes}',
    {
      '1.50': { scale: 1, value: hex('0f') },
      '100': { scale: 0, value: hex('64') },
      '-123456789.000100': { scale: 4, value: hex('fee08e04fbaf') },
    },
  ],
  ['numeric', asDouble, 'float64', { '1.50': 1.5, 'NaN': Number.NaN, Infinity }],
  [
    'numeric',
    asString,
    'string',
    {
      '1000000.0': '1000000.0',
      'NaN': 'NAN',
      'Infinity': 'POSITIVE_INFINITY',
      '-Infinity': 'NEGATIVE_INFINITY',
      '-1': '-1',
    },
  ],
  [
    'dnum',
    {},
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=3 connect.decimal.precision=10',
    { '12.345': new Decimal(12345n, 3) },
  ],
  [
    'dnum2',
    {},
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=3 connect.decimal.precision=10',
    { 12.345: new Decimal(12_345n, 3) },
  ],
  ['posint', {}, 'int32', { '5': 5 }],
  [
    'money',
    {},
    'bytes org.apache.kafka.connect.data.Decimal v1 scale=2',
    { '-$92,233,720,368,547,758.08': new Decimal(-9223372036854775808n, 2) },
  ],
  ['money', asDouble, 'float64', { '$12.34': 12.34 }],
  ['money', asString, 'string', { '$1.00': '1.00' }],
  ['bit', { typmod: 1 }, 'boolean', { 1: true, 0: false }],
  ['varbit', { typmod: 1 }, 'boolean', { 1: true }],
  [
    'bit',
    { typmod: 20 },
    'bytes io.debezium.data.Bits v1 length=20',
    { '10000000000000000011': hex('030008'), '00000000000000000000': hex('') },
  ],
  ['varbit', {}, 'bytes io.debezium.data.Bits v1 length=2147483647', { '1011': hex('0b'), '': hex('') }],
  ['varbit', { typmod: 12 }, 'bytes io.debezium.data.Bits v1 length=12', { '101010101': hex('5501') }],
  ['bytea', {}, 'bytes', { '\\xdeadbeef': hex('deadbeef'), '\\x': hex(''), 'a\\\\\\001': hex('615c01') }],
  ['bytea', asHex, 'string', { '\\xfbff3e': 'fbff3e' }],
  ['bytea', asBase64, 'string', { '\\xfbff3e': '+/8+', '\\x61': 'YQ==' }],
  ['bytea', asUrl, 'string', { '\\xfbff3e': '-_8-', '\\x61': 'YQ==' }],
  [
    'text',
    {},
    'string',
    { '': '', 'ž': 'ž', '🎉 emoji': '🎉 emoji', 'abc': 'abc', 'tab\t nl\n': 'tab\t nl\n' },
  ],
  ['varchar', { typmod: 14 }, 'string', { hello: 'hello' }],
  ['bpchar', { typmod: 9 }, 'string', { 'ab   ': 'ab   ' }],
  ['char', {}, 'string', { 'z': 'z', '': '' }],
  ['citext', {}, 'string', { ÀÉ: 'ÀÉ' }],
  ['isbn', {}, 'string', { '0-393-04002-X': '0-393-04002-X' }],
  ['inet', {}, 'string', { '192.168.0.1/24': '192.168.0.1/24' }],
  ['cidr', {}, 'string', { '::/0': '::/0' }],
  ['macaddr', {}, 'string', { '08:00:2b:01:02:03': '08:00:2b:01:02:03' }],
  ['macaddr8', {}, 'string', { '08:00:2b:01:02:03:04:05': '08:00:2b:01:02:03:04:05' }],
  ['int4range', {}, 'string', { '[1,10)': '[1,10)' }],
  ['tstzrange', {}, 'string', { '["2019-12-31 22:00:00+00",)': '["2019-12-31 22:00:00+00",)' }],
  ['json', {}, 'string io.debezium.data.Json v1', { '{"a": 1,  "b":[1,2 ]}': '{"a": 1,  "b":[1,2 ]}' }],
  ['jsonb', {}, 'string io.debezium.data.Json v1', { null: 'null' }],
  ['xml', {}, 'string io.debezium.data.Xml v1', { '<a>x</a>': '<a>x</a>' }],
  ['uuid', {}, 'string io.debezium.data.Uuid v1', {}],
  ['tsvector', {}, 'string io.debezium.data.Tsvector v1', { "'a' 'cat'": "'a' 'cat'" }],
  ['ltree', {}, 'string io.debezium.data.Ltree v1', { 'Top.Science': 'Top.Science' }],
  ['mood', {}, 'string io.debezium.data.Enum v1 allowed=sad,ok,with,comma', { 'with,comma': 'with,comma' }],
  [
    'hstore',
    {},
    'string io.debezium.data.Json v1',
    { '': '{}', '"a"=>"1", "b"=>NULL': '{"a":"1","b":null}' },
  ],
  [
    'point',
    {},
    'struct io.debezium.data.geometry.Point v1 {x:float64, y:float64, wkb:bytes?, srid:int32?}',
    { '(1.5,-2)': { x: 1.5, y: -2, wkb: point, srid: null } },
  ],
  ['box', unknown, 'bytes', { '(1,1),(0,0)': Buffer.from('(1.0,1.0),(0.0,0.0)') }],
  [
    'circle',
    { settings: { includeUnknownDatatypes: true, binaryMode: 'hex' } },
    'string',
    { '<(1,1),2>': '3c28312e302c312e30292c322e303e' },
  ],
  ['tsquery', unknown, 'bytes', { "'fat'": Buffer.from("'fat'") }],
  ['int4multirange', unknown, 'bytes', { '{[1,3)}': Buffer.from('{[1,3)}') }],
  ['comp', unknown, 'bytes', { '(1,x)': Buffer.from('(1,x)') }],
  ['vector', {}, 'array io.debezium.data.DoubleVector v1 [float64]', { '[1,2.5,-3e-05]': [1, 2.5, -3e-5] }],
  ['halfvec', {}, 'array io.debezium.data.FloatVector v1 [float32]', { '[1.1]': [Math.fround(1.1)] }],
  ['_int4', {}, 'array [int32?]', { '{1,NULL,3}': [1, null, 3], '{}': [] }],
  ['_text', {}, 'array [string?]', { '{a,"b c",NULL,"q\\"x","NULL"}': ['a', 'b c', null, 'q"x', 'NULL'] }],
  ['_uuid', {}, 'array [string? io.debezium.data.Uuid v1]', {}],
  [
    '_numeric',
    { typmod: numeric(10, 2) },
    'array [bytes? org.apache.kafka.connect.data.Decimal v1 scale=2 connect.decimal.precision=10]',
    { '{1.10,2.22}': [new Decimal(110n, 2), new Decimal(222n, 2)] },
  ],
  [
    '_mood',
    {},
    'array [string io.debezium.data.Enum v1 allowed=sad,ok,with,comma]',
    { '{sad,"with,comma"}': ['sad', 'with,comma'] },
  ],
  ['_tsvector', {}, 'array [string io.debezium.data.Tsvector v1]', {}],
  ['_bytea', {}, 'array [bytes?]', { '{"\\\\x01ff"}': [hex('01ff')] }],
  ['_bit', { typmod: 3 }, 'array [bytes? io.debezium.data.Bits v1 length=3]', { '{101}': [hex('05')] }],
  [
    '_box',
    unknown,
    'array [bytes]',
    { '{(1,1),(0,0);(2,2),(1,1)}': [Buffer.from('(1.0,1.0),(0.0,0.0)'), Buffer.from('(2.0,2.0),(1.0,1.0)')] },
  ],
  ['_dnum', unknown, 'array [bytes]', { '{1.5}': [Buffer.from('1.5')] }],
]

for (const [type, options, schema, values] of cases) {
  const suffix = options.settings === undefined ? '' : ` with ${JSON.stringify(options.settings)}`
  test(`columns of type ${type}${suffix} have the schema ${schema}`, () => {
    const reader = readerOf(type, options)
    assert.equal(reader.schema.optional, true)
    assert.equal(described(reader.schema).replace('?', ''), schema)
    for (const [text, value] of Object.entries(values)) assert.deepEqual(readText(reader, text), value, text)
  })
}

/** The schema in one line. */
function described({ type, optional, name, version, parameters, fields, valueSchema }: Schema): string {
  const words = [`${type}${optional ? '?' : ''}`]
  if (name !== null) words.push(name, `v${version}`)
  for (const [key, value] of Object.entries(parameters ?? {})) words.push(`${key}=${value}`)
  if (fields.length > 0)
    words.push(`{${fields.map((field) => `${field.name}:${described(field.schema)}`).join(', ')}}`)
  if (valueSchema !== null) words.push(`[${described(valueSchema)}]`)
  return words.join(' ')
}

test('columns of unsupported types are omitted, and a warning names the column and the remedy', () => {
  for (const type of [
    'box',
    'tsquery',
    'int4multirange',
    'comp',
    '_comp',
    '_dnum',
    '_money',
    '_name',
    '_interval',
    '_xml',
    '_point',
  ]) {
    const warnings: string[] = []
    assert.equal(
      omittedOrReader(type, { settings: { warn: (message) => warnings.push(message) } }),
      undefined,
    )
    const why = `type ${type} is not supported. Set include.unknown.datatypes=true to capture its text as bytes.`
    assert.deepEqual(warnings, [`Column public.t.c is omitted from events: ${why}`])
  }
})

test('a few array types are omitted even if unknown types are included', () => {
  for (const type of ['_money', '_name', '_interval', '_varbit', '_xml', '_point', '_refcursor']) {
    assert.equal(omittedOrReader(type, unknown), undefined)
  }
})

test('a nullable name is null in streams, unless unknown types are included', () => {
  assert.equal(readText(readerOf('name'), 'pg_class'), null)
  assert.equal(readText(readerOf('name', unknown), 'pg_class'), 'pg_class')
  assert.equal(readText(readerOf('name', { origin: 'snapshot' }), 'pg_class'), 'pg_class')
  assert.equal(readText(readerOf('name', { optional: false }), 'pg_class'), 'pg_class')
})

test('dates and times have columns and arrays, intervals have only columns', () => {
  const epoch = readerOf('timestamp', { typmod: 3 })
  assert.equal(described(epoch.schema), 'int64? io.debezium.time.Timestamp v1')
  assert.equal(readText(epoch, '1970-01-01 00:00:01.5'), 1500)
  assert.deepEqual(readText(readerOf('_date'), '{1970-01-02,NULL}'), [1, null])
  assert.equal(described(readerOf('interval').schema), 'int64? io.debezium.time.MicroDuration v1')
})

test('byte strings of any length are decoded', () => {
  const reader = readerOf('bytea')
  for (const size of [0, 1, 99, 100, 101, 5000]) {
    const value = Buffer.from(Array.from({ length: size }, (_, index) => index & 0xff))
    assert.deepEqual(readText(reader, `\\x${value.toString('hex')}`), value)
  }
})
