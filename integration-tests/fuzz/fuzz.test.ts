import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BoxedInteger,
  Decimal,
  Float32,
  Float64,
  isConnectError,
  makeSchema,
  schemaTypes,
  type Converter,
  type ConverterInstance,
  type HeaderConverterInstance,
  type Schema,
} from '../../api/index.ts'
import { parseJson } from '../../java/index.ts'
import { commonConfig, parseConfig, parseConnectorFile, parseProperties } from '../../config/index.ts'
import { converters } from '../../converters/index.ts'
import { converterContext } from '../../testing/index.ts'
import { InputGenerator, KEYS } from './generate.ts'

/** `FUZZ_SEED=7 npm test fuzz` uses other inputs. A failure contains its seed. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)

const READ_EACH = 4000
const WRITTEN_EACH = 1500
const JSON_ENVELOPES = 15_000
const TEXTS = 15_000

type Instance = ConverterInstance & HeaderConverterInstance

const settings: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'org.apache.kafka.connect.json.JsonConverter': [
    {},
    { 'schemas.enable': 'false' },
    { 'decimal.format': 'numeric', 'replace.null.with.default': 'false' },
    { 'schema.content': '{"type":"struct","fields":[{"field":"a","type":"int32"}]}' },
  ],
  'org.apache.kafka.connect.storage.StringConverter': [
    {},
    { 'converter.encoding': 'UTF-16' },
    { 'converter.encoding': 'KOI8-R' },
  ],
}

const instances: readonly { readonly name: string; readonly instance: Instance }[] = (
  converters.converters as readonly Converter[]
).flatMap(({ name, config, roles, create }) =>
  (settings[name] ?? [{}]).map((props) => {
    const role = roles[0] ?? 'value'
    const parsed = parseConfig(config, { ...props, 'converter.type': role })
    return { name: `${name} ${JSON.stringify(props)}`, instance: create(parsed, role, converterContext()) }
  }),
)

/** Throws unless `run` returns or throws an error with a code. */
function survives(what: string, input: () => unknown, run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (isConnectError(error)) return
    throw new Error(`seed ${SEED}: ${what} failed on ${describe(input())}`, { cause: error })
  }
}

function describe(input: unknown): string {
  if (Buffer.isBuffer(input)) return `the bytes ${input.toString('hex').slice(0, 2000)}`
  return typeof input === 'string' ? JSON.stringify(input).slice(0, 2000) : `a ${typeof input}`
}

/** Schemas of every type, top-level and nested, with and without the names of logical types. */
function schemas(): readonly (Schema | null)[] {
  const logical = ['Decimal', 'Date', 'Time', 'Timestamp'].map(
    (name) => `org.apache.kafka.connect.data.${name}`,
  )
  const scalars = schemaTypes
    .slice(0, 9)
    .flatMap((type) => [
      makeSchema({ type }),
      makeSchema({ type, optional: true }),
      ...logical.map((name) => makeSchema({ type, name, optional: true })),
    ])
  const fields = KEYS.filter((key) => key !== '').map(
    (key, index) => [key, scalars[index * 3]] as [string, Schema],
  )
  const nested = scalars.flatMap((schema) => [
    makeSchema({ type: 'array', valueSchema: schema }),
    makeSchema({ type: 'map', keySchema: schema, valueSchema: schema }),
  ])
  return [null, ...scalars, ...nested, makeSchema({ type: 'struct', fields })]
}

function valueKinds(generate: InputGenerator): readonly (() => unknown)[] {
  return [
    () => null,
    () => undefined,
    () => generate.below(1000) - 500,
    () => generate.pick([NaN, Infinity, -0, 1.5, 2 ** 70, -(2 ** 63), 1e-320]),
    () => generate.pick([0n, -1n, 2n ** 63n, 2n ** 200n]),
    () => generate.text(),
    () => generate.below(2) === 0,
    () => generate.bytes(8),
    () => new Date(generate.pick([0, -1, 86_400_000, NaN, 8.64e15])),
    () => new Decimal(BigInt(generate.below(9999)), generate.pick([0, 2, -3, 400])),
    () => new Float32(generate.below(9)),
    () => new Float64(generate.below(9)),
    () => new BoxedInteger('int16', generate.below(9)),
    () => Symbol('strange'),
    () => () => 1,
  ]
}

test('every converter reads random and corrupt bytes or throws an error with a code', () => {
  const generate = new InputGenerator(SEED)
  for (const { name, instance } of instances) {
    for (let count = 0; count < READ_EACH; count++) {
      const text = generate.broken(generate.below(2) === 0 ? generate.json() : generate.text())
      const bytes =
        generate.below(3) === 0
          ? generate.bytes(40)
          : Buffer.from(text, generate.below(20) === 0 ? 'utf16le' : 'utf8')
      survives(
        name,
        () => bytes,
        () => instance.toConnect('t', bytes),
      )
      if (count % 10 === 0)
        survives(
          name,
          () => bytes,
          () => instance.toConnectHeader('t', 'h', bytes),
        )
    }
  }
})

test('JsonConverter reads envelopes with mismatched schemas and payloads or throws an error with a code', () => {
  const generate = new InputGenerator(SEED + 1)
  const [json] = instances
  for (let count = 0; count < JSON_ENVELOPES; count++) {
    const envelope = `{"schema":${generate.jsonSchema()},"payload":${generate.json()}}`
    const text = generate.below(3) === 0 ? generate.broken(envelope) : envelope
    survives(
      'an envelope',
      () => text,
      () => json?.instance.toConnect('t', Buffer.from(text)),
    )
  }
})

test('every converter writes any value with any schema or throws an error with a code', () => {
  const generate = new InputGenerator(SEED + 2)
  const all = schemas()
  const kinds = valueKinds(generate)
  for (const { name, instance } of instances) {
    for (let count = 0; count < WRITTEN_EACH; count++) {
      const [schema, value] = [generate.pick(all), generate.value(kinds)]
      survives(
        `${name} with ${String(schema)}`,
        () => value,
        () => instance.fromConnect('t', schema, value),
      )
    }
  }
})

test('settings in property files and JSON are parsed or cause an error with a code', () => {
  const generate = new InputGenerator(SEED + 3)
  const def = commonConfig()
  const keys = [...Object.keys(def), ...KEYS]
  for (let count = 0; count < TEXTS; count++) {
    const lines = Array.from(
      { length: generate.below(5) },
      () => `${generate.pick(keys)}${generate.pick(['=', ':', ' '])}${generate.text()}`,
    )
    const properties = generate.broken(lines.join('\n'))
    survives(
      'properties',
      () => properties,
      () => parseProperties(properties),
    )
    const json = generate.broken(generate.json())
    survives(
      'JSON',
      () => json,
      () => parseJson(json, { whole: true }),
    )
    survives(
      'a connector file',
      () => json,
      () => parseConnectorFile(generate.below(2) === 0 ? json : properties, 'c'),
    )
    const props = Object.fromEntries(lines.map((line) => [line.split(/[=: ]/, 1)[0] ?? '', line]))
    survives(
      'settings',
      () => JSON.stringify(props),
      () => parseConfig(def, props),
    )
  }
})

test('no input has modified Object.prototype', () => {
  assert.deepEqual(Object.keys(Object.prototype), [])
  assert.equal(({} as Record<string, unknown>)['a'], undefined)
})
