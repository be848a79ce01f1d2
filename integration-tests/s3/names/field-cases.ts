import type { RecordedSchema, TypedValue } from '../../golden/format.ts'
import type { Case } from './cases.ts'

const plain = (type: string, more: Partial<RecordedSchema> = {}): RecordedSchema => ({
  type,
  optional: false,
  ...more,
})
const optional = (type: string, more: Partial<RecordedSchema> = {}): RecordedSchema => ({
  ...more,
  type,
  optional: true,
})
const struct = (
  fields: Readonly<Record<string, RecordedSchema>>,
  more: Partial<RecordedSchema> = {},
): RecordedSchema =>
  plain('struct', { fields: Object.entries(fields).map(([name, schema]) => ({ name, schema })), ...more })

const logical = (name: string, type: string): RecordedSchema =>
  plain(type, { name: `org.apache.kafka.connect.data.${name}`, version: 1 })
const timestamp = logical('Timestamp', 'int64')
const decimal = plain('bytes', {
  name: 'org.apache.kafka.connect.data.Decimal',
  version: 1,
  parameters: { scale: '2' },
})

/** Each type with its values. */
const typed: readonly (readonly [RecordedSchema, readonly TypedValue[]])[] = [
  [plain('int8'), [{ int8: 0 }, { int8: -128 }]],
  [plain('int16'), [{ int16: 32_767 }]],
  [plain('int32'), [{ int32: 12 }, { int32: -2_147_483_648 }]],
  [
    plain('int64'),
    [{ int64: '12' }, { int64: '-1' }, { int64: '9007199254740993' }, { int64: '-9223372036854775808' }],
  ],
  [optional('int32', { default: { int32: 7 } }), [null, { int32: 8 }]],
  [optional('int64'), [null]],
  [plain('float32'), [{ float32: 1.5 }]],
  [plain('float64'), [{ float64: 1e20 }]],
  [plain('boolean'), [{ boolean: true }, { boolean: false }]],
  [
    plain('string'),
    [
      { string: 'de' },
      { string: '' },
      { string: 'a/b=c d' },
      { string: 'ä✓' },
      { string: '1427961600000' },
      { string: '-1' },
      { string: '9223372036854775807' },
      { string: '2015-04-02T01:00:00.000-07:00' },
      { string: 'def' },
    ],
  ],
  [optional('string', { default: { string: 'none' } }), [null]],
  [plain('string', { name: 'custom' }), [{ string: '12' }]],
  [plain('bytes'), [{ bytes: 'AQI=' }]],
  [plain('array', { items: plain('int64') }), [{ array: [{ int64: '1' }] }]],
  [
    plain('map', { keys: plain('string'), values: plain('int64') }),
    [{ map: [[{ string: 'a' }, { int64: '1' }]] }],
  ],
  [struct({ x: plain('int32') }), [{ struct: [['x', { int32: 1 }]] }]],
  [timestamp, [{ date: '1427961600000' }, { date: '-5' }]],
  [logical('Date', 'int32'), [{ date: '86400000' }]],
  [logical('Time', 'int32'), [{ date: '1000' }]],
  [decimal, [{ decimal: { unscaled: '123', scale: 2 } }]],
  [plain('int32', { name: 'custom.Int' }), [{ int32: 5 }]],
]

/** Values of fields of a map without a schema. */
const schemaless: readonly TypedValue[] = [
  { int8: 1 },
  { int16: 2 },
  { int32: 3 },
  { int64: '1427961600000' },
  { int64: '9223372036854775807' },
  { float32: 1.75 },
  { float64: -2.5 },
  { float64: 1e300 },
  { float64: 1_427_961_600_000 },
  { decimal: { unscaled: '-123456', scale: 3 } },
  { decimal: { unscaled: '12', scale: -3 } },
  { decimal: { unscaled: '92233720368547758070', scale: 0 } },
  { boolean: true },
  { string: '2015-04-02' },
  { string: '5' },
  { string: 'x' },
  { bytes: 'AQI=' },
  { array: [{ int64: '1' }] },
  { map: [[{ string: 'a' }, { int64: '1' }]] },
  { date: '1427961600000' },
  null,
]

const inner = struct({ id: plain('int32'), name: optional('string'), at: plain('int64') })
const nested = struct({
  a: struct({ b: inner, none: { ...inner, optional: true } }),
  list: plain('array', { items: inner }),
  map: plain('map', { keys: plain('string'), values: inner }),
  country: plain('string'),
  flag: plain('boolean'),
  valueOf: optional('string'),
})
const innerValue: TypedValue = {
  struct: [
    ['id', { int32: 4 }],
    ['name', null],
    ['at', { int64: '1427961600000' }],
  ],
}
const nestedValue: TypedValue = {
  struct: [
    [
      'a',
      {
        struct: [
          ['b', innerValue],
          ['none', null],
        ],
      },
    ],
    ['list', { array: [innerValue] }],
    ['map', { map: [[{ string: 'k' }, innerValue]] }],
    ['country', { string: 'de' }],
    ['flag', { boolean: true }],
    ['valueOf', null],
  ],
}

const paths = [
  ['country'],
  ['country', 'flag'],
  ['a.b.id'],
  ['a.b.name', 'country'],
  ['a.none.id'],
  ['a.none'],
  ['a.b'],
  ['a.b.missing'],
  ['a.missing.id'],
  ['missing'],
  ['country', 'missing'],
  ['country.id'],
  ['list.id'],
  ['map.k.id'],
  ['map.k.at'],
  ['map.x.at'],
  ['map'],
  ['a.b.at'],
  ['country.'],
  ['a..b'],
  ['.a'],
  ['valueOf'],
  ['toString'],
  ['flag', 'flag', 'a.b.id'],
]

export function fieldCases(): readonly Case[] {
  const single = typed.flatMap(([schema, values]) =>
    values.flatMap((value): Case[] => {
      const record = { schema: struct({ f: schema }), value: { struct: [['f', value]] } }
      return [
        { kind: 'field', fields: ['f'], ...record },
        { kind: 'extract', field: 'f', ...record },
      ]
    }),
  )
  const maps = schemaless.flatMap((value): Case[] => {
    const record = { schema: null, value: { map: [[{ string: 'f' }, value]] } }
    const deep = { schema: null, value: { map: [[{ string: 'o' }, { map: [[{ string: 'f' }, value]] }]] } }
    return [
      { kind: 'extract', field: 'f', ...record },
      { kind: 'extract', field: 'o.f', ...deep },
    ]
  })
  const mapSchema = plain('map', { keys: plain('string'), values: inner })
  const others: readonly (readonly [RecordedSchema | null, TypedValue])[] = [
    [plain('string'), { string: 'foo' }],
    [plain('int64'), { int64: '5' }],
    [optional('string'), null],
    [null, null],
    [null, { string: 'foo' }],
    [null, { map: [] }],
    [plain('array', { items: plain('string') }), { array: [] }],
    [mapSchema, { map: [[{ string: 'k' }, innerValue]] }],
    [
      plain('map', { keys: plain('string'), values: timestamp }),
      { map: [[{ string: 'k' }, { date: '77' }]] },
    ],
    [
      plain('map', { keys: plain('string'), values: plain('float64') }),
      { map: [[{ string: 'k' }, { float64: 77.9 }]] },
    ],
  ]
  return [
    ...single,
    ...maps,
    ...paths.flatMap((fields): Case[] => [
      { kind: 'field', fields, delim: '|', schema: nested, value: nestedValue },
      { kind: 'extract', field: fields[0] as string, schema: nested, value: nestedValue },
    ]),
    { kind: 'extract', field: ' ', schema: nested, value: nestedValue },
    ...others.flatMap(([schema, value]): Case[] => [
      { kind: 'field', fields: ['f'], schema, value },
      ...['f', 'k', 'k.at'].map((field): Case => ({ kind: 'extract', field, schema, value })),
    ]),
  ]
}
