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
  makeSchema,
  map,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
} from '../../../../../api/index.ts'

const point = struct({ x: INT32, label: OPTIONAL_STRING }, { name: 'com.example.Point' })
const optionalPoint = makeSchema({
  type: 'struct',
  name: 'com.example.Other',
  optional: true,
  fields: [['inner', struct({ deep: array(INT64) }, { name: 'com.example.Inner' })]],
})

/** A schema with all types. */
export const everything = struct(
  {
    small: INT8,
    whole: INT32,
    long: INT64,
    single: FLOAT32,
    double: FLOAT64,
    flag: BOOLEAN,
    text: STRING,
    raw: BYTES,
    note: OPTIONAL_STRING,
    price: decimalSchema(2),
    day: dateSchema(),
    time: timeSchema(),
    moment: timestampSchema({ optional: true }),
    point,
    other: optionalPoint,
    numbers: array(INT32),
    points: array(point),
    byName: map(STRING, array(OPTIONAL_INT32)),
    byNumber: map(INT32, STRING),
  },
  { name: 'com.example.Everything' },
)

const pointJson =
  '{"type":"record","name":"Point","namespace":"com.example","fields":[{"name":"x","type":"int"},{"name":"label","type":["null","string"]}]}'
const otherJson =
  '["null",{"type":"record","name":"Other","namespace":"com.example","fields":[{"name":"inner","type":{"type":"record","name":"Inner","fields":[{"name":"deep","type":{"type":"array","items":"long"}}]}}]}]'
const entryJson =
  '{"type":"record","name":"MapEntry","namespace":"io.confluent.connect.avro","fields":[{"name":"key","type":"int"},{"name":"value","type":"string"}]}'

/** The Avro schema of {@link everything}. */
export const everythingJson = `{"type":"record","name":"Everything","namespace":"com.example","fields":[
{"name":"small","type":{"type":"int","connect.type":"int8"}},
{"name":"whole","type":"int"},
{"name":"long","type":"long"},
{"name":"single","type":"float"},
{"name":"double","type":"double"},
{"name":"flag","type":"boolean"},
{"name":"text","type":"string"},
{"name":"raw","type":"bytes"},
{"name":"note","type":["null","string"],"default":null},
{"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":64,"scale":2}},
{"name":"day","type":{"type":"int","logicalType":"date"}},
{"name":"time","type":{"type":"int","logicalType":"time-millis"}},
{"name":"moment","type":["null",{"type":"long","logicalType":"timestamp-millis"}]},
{"name":"point","type":${pointJson}},
{"name":"other","type":${otherJson}},
{"name":"numbers","type":{"type":"array","items":"int"}},
{"name":"points","type":{"type":"array","items":"Point"}},
{"name":"byName","type":{"type":"map","values":{"type":"array","items":["null","int"]}}},
{"name":"byNumber","type":{"type":"array","items":${entryJson}}}]}`

/** A value of {@link everything}. */
export function valueOf(n: number): Record<string, unknown> {
  return {
    small: (n % 256) - 128,
    whole: n * 1000,
    long: n % 2 === 0 ? n : -9_007_199_254_740_993n - BigInt(n),
    single: n / 4,
    double: n === 1 ? -0 : n / 3,
    flag: n % 3 === 0,
    text: `text ${n % 7} ü😀`,
    raw: Buffer.from([n % 256, 255]),
    note: n % 2 === 0 ? null : `note ${n}`,
    price: new Decimal(BigInt(n) * -12_345n, 2),
    day: new Date((n - 5) * 86_400_000),
    time: new Date(n * 1000),
    moment: n % 4 === 0 ? null : new Date(1_700_000_000_000 + n),
    point: { x: n, label: n % 2 === 0 ? null : 'p' },
    other: n % 3 === 0 ? null : { inner: { deep: [n, n + 1].slice(0, n % 3) } },
    numbers: Array.from({ length: n % 4 }, (_, at) => at),
    points: Array.from({ length: n % 3 }, (_, at) => ({ x: at, label: at === 0 ? null : 'q' })),
    byName: new Map(
      n % 2 === 0
        ? []
        : [
            ['a', [n, null]],
            [`b${n}`, []],
          ],
    ),
    byNumber: new Map(
      n % 5 === 0
        ? []
        : [
            [n, 'one'],
            [n + 1, 'two'],
          ],
    ),
  }
}
