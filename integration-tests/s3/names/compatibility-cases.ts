import type { RecordedSchema, TypedValue } from '../../golden/format.ts'
import type { Case } from './cases.ts'

const numeric = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']
const values: Readonly<Record<string, TypedValue>> = {
  int8: { int8: 7 },
  int16: { int16: 300 },
  int32: { int32: 70_000 },
  int64: { int64: '9007199254740993' },
  float32: { float32: 1.5 },
  float64: { float64: 2.25 },
  boolean: { boolean: true },
  string: { string: 'x' },
  bytes: { bytes: 'AQI=' },
}

const plain = (type: string, more: Partial<RecordedSchema> = {}): RecordedSchema => ({
  type,
  optional: false,
  ...more,
})
const struct = (
  fields: Readonly<Record<string, RecordedSchema>>,
  more: Partial<RecordedSchema> = {},
): RecordedSchema =>
  plain('struct', {
    name: 'record',
    version: 1,
    fields: Object.entries(fields).map(([name, schema]) => ({ name, schema })),
    ...more,
  })

interface Pair {
  readonly schema: RecordedSchema | null
  readonly current: RecordedSchema | null
  readonly value: TypedValue
}

/** A pair of struct schemas that differ in the schema of a field. */
function inField(schema: RecordedSchema, current: RecordedSchema, value: TypedValue): Pair {
  return { schema: struct({ f: schema }), current: struct({ f: current }), value: { struct: [['f', value]] } }
}

function typePairs(): Pair[] {
  const types = [...numeric, 'boolean', 'string', 'bytes']
  return types.flatMap((from) =>
    types.map((to) => inField(plain(from), plain(to), values[from] as TypedValue)),
  )
}

function versionPairs(): Pair[] {
  const versions = [undefined, 1, 2, 3]
  const at = (
    version: number | undefined,
    fields: Readonly<Record<string, RecordedSchema>>,
  ): RecordedSchema => {
    const { version: _one, ...schema } = struct(fields)
    return version === undefined ? schema : { ...schema, version }
  }
  const text = plain('string')
  return versions.flatMap((from) =>
    // Java requires versions even of equal schemas, if they are different objects
    versions
      .filter((to) => to !== undefined || from !== undefined)
      .map((to): Pair => ({
        schema: at(from, { a: text, ...(from === 2 ? { extra: plain('int32') } : {}) }),
        current: at(to, {
          a: text,
          ...(to === 2 ? { extra: plain('int32', { default: { int32: 9 } }) } : {}),
        }),
        value: {
          struct: [['a', { string: 'x' }], ...(from === 2 ? [['extra', { int32: 1 }]] : [])],
        },
      })),
  )
}

const enumMarks = [
  'org.apache.kafka.connect.data.Enum',
  'io.confluent.connect.avro.Enum',
  'io.confluent.connect.protobuf.Enum',
]
const docs = {
  'connect.record.doc': 'text',
  'connect.record.aliases': 'other',
  'connect.record.namespace': 'space',
  'io.confluent.connect.avro.field.doc.a': 'field',
}

function parameterPairs(): Pair[] {
  const sets: (Readonly<Record<string, string>> | undefined)[] = [
    undefined,
    { a: '1' },
    { a: '2' },
    { a: '1', b: '2' },
    docs,
    { ...docs, a: '1' },
    { 'io.confluent.connect.avro.field.default': 'x' },
    ...enumMarks.flatMap((mark) => [
      { [mark]: 'Color', [`${mark}.RED`]: 'RED' },
      { [mark]: 'Color', [`${mark}.RED`]: 'RED', [`${mark}.BLUE`]: 'BLUE' },
      { [mark]: 'Colour', [`${mark}.RED`]: 'RED', 'connect.record.doc': 'text' },
    ]),
  ]
  return sets.flatMap((from, i) =>
    sets
      .filter((_, j) => Math.abs(i - j) < 4)
      .map((to) => {
        const [schema, current] = [from, to].map((parameters) =>
          plain('string', parameters === undefined ? {} : { parameters }),
        )
        return inField(schema as RecordedSchema, current as RecordedSchema, { string: 'RED' })
      }),
  )
}

function optionalPairs(): Pair[] {
  const variants: Partial<RecordedSchema>[] = [
    { optional: false },
    { optional: true },
    { optional: false, default: { int32: 5 } },
    { optional: true, default: { int32: 6 } },
  ]
  return variants.flatMap((from) =>
    variants.flatMap((to) =>
      (from.optional === true ? [null, { int32: 1 }] : [{ int32: 1 }]).map((value) =>
        inField(plain('int32', from), plain('int32', to), value),
      ),
    ),
  )
}

function fieldPairs(): Pair[] {
  const text = plain('string')
  const kinds = [
    plain('int32'),
    plain('int32', { optional: true }),
    plain('int32', { default: { int32: 5 } }),
  ]
  const one: TypedValue = { struct: [['a', { string: 'x' }]] }
  const both: TypedValue = {
    struct: [
      ['a', { string: 'x' }],
      ['b', { int32: 1 }],
    ],
  }
  return [
    ...kinds.map((b): Pair => ({ schema: struct({ a: text }), current: struct({ a: text, b }), value: one })),
    ...kinds.map((b): Pair => ({
      schema: struct({ a: text, b }),
      current: struct({ a: text }),
      value: both,
    })),
    {
      schema: struct({ a: text, b: plain('int32') }),
      current: struct({ b: plain('int64'), a: text }),
      value: both,
    },
    { schema: struct({ a: text }), current: struct({ a: text }, { name: 'other' }), value: one },
    { schema: struct({ a: text }), current: struct({ a: text }, { doc: 'text' }), value: one },
    { schema: struct({ a: text }), current: struct({ A: text }), value: one },
    inField(plain('string', { name: 'x' }), plain('string', { name: 'y' }), { string: 'x' }),
    inField(plain('string', { name: 'x' }), text, { string: 'x' }),
    inField(plain('string', { doc: 'x' }), text, { string: 'x' }),
    inField(plain('int64', { version: 1 }), plain('int64', { version: 2 }), { int64: '1' }),
  ]
}

function nestedPairs(): Pair[] {
  const wrap: ((schema: RecordedSchema, value: TypedValue) => readonly [RecordedSchema, TypedValue])[] = [
    (schema, value) => [plain('array', { items: schema }), { array: [value, value] }],
    (schema, value) => [
      plain('map', { keys: plain('string'), values: schema }),
      { map: [[{ string: 'k' }, value]] },
    ],
    (schema, value) => [struct({ g: schema }, { name: 'inner' }), { struct: [['g', value]] }],
  ]
  const pairs: readonly (readonly [RecordedSchema, RecordedSchema, TypedValue])[] = [
    [plain('int32'), plain('int64'), { int32: 3 }],
    [plain('int64'), plain('int32'), { int64: '3' }],
    [plain('int32'), plain('float64'), { int32: 3 }],
    [plain('string'), plain('int32'), { string: 'x' }],
    [plain('int32', { optional: true }), plain('int32'), { int32: 3 }],
    [plain('int32'), plain('int32', { optional: true }), { int32: 3 }],
    [plain('string', { parameters: docs }), plain('string', { parameters: { a: '1' } }), { string: 'x' }],
    [
      plain('string', { parameters: docs }),
      plain('string', { parameters: { 'connect.record.doc': 'y' } }),
      { string: 'x' },
    ],
    [
      struct({ h: plain('int8') }),
      struct({ h: plain('int16'), i: plain('int8', { optional: true }) }),
      { struct: [['h', { int8: 1 }]] },
    ],
    [struct({ h: plain('int8') }), struct({ i: plain('int8') }), { struct: [['h', { int8: 1 }]] }],
  ]
  const keys: readonly (readonly [string, string, TypedValue])[] = [
    ['int32', 'int64', { int32: 1 }],
    ['string', 'int32', { string: 'k' }],
  ]
  return [
    ...wrap.flatMap((wrapped) =>
      pairs.map(([from, to, value]) => {
        const [schema, wrappedValue] = wrapped(from, value)
        return inField(schema, wrapped(to, value)[0], wrappedValue)
      }),
    ),
    ...keys.map(([from, to, key]) =>
      inField(
        plain('map', { keys: plain(from), values: plain('string') }),
        plain('map', { keys: plain(to), values: plain('string') }),
        { map: [[key, { string: 'v' }]] },
      ),
    ),
  ]
}

function topPairs(): Pair[] {
  const versioned = (type: string): RecordedSchema => plain(type, { version: 1 })
  return [
    { schema: null, current: null, value: { string: 'x' } },
    { schema: null, current: versioned('string'), value: { string: 'x' } },
    { schema: versioned('string'), current: null, value: { string: 'x' } },
    { schema: versioned('string'), current: versioned('string'), value: { string: 'x' } },
    { schema: plain('string'), current: plain('string', { doc: 'text' }), value: { string: 'x' } },
    { schema: versioned('int32'), current: versioned('int64'), value: { int32: 1 } },
    { schema: versioned('int32'), current: versioned('string'), value: { int32: 1 } },
    { schema: plain('string', { version: 1, optional: true }), current: versioned('string'), value: null },
    {
      schema: versioned('string'),
      current: plain('string', { version: 1, optional: true }),
      value: { string: 'x' },
    },
    {
      schema: struct({ a: plain('string') }),
      current: versioned('string'),
      value: { struct: [['a', { string: 'x' }]] },
    },
    {
      schema: struct({ a: plain('string') }, { optional: true }),
      current: struct({ a: plain('string') }),
      value: null,
    },
  ]
}

export function compatibilityCases(): readonly Case[] {
  const pairs = [
    ...topPairs(),
    ...typePairs(),
    ...versionPairs(),
    ...parameterPairs(),
    ...optionalPairs(),
    ...fieldPairs(),
    ...nestedPairs(),
  ]
  return pairs.map((pair, i): Case => {
    // FULL has the code of BACKWARD, and NONE compares nothing
    const modes = i % 5 === 0 || i < 11 ? ['NONE', 'BACKWARD', 'FORWARD', 'FULL'] : ['BACKWARD', 'FORWARD']
    return { kind: 'compatibility', modes, ...pair }
  })
}
