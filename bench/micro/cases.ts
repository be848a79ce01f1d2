import {
  ConnectError,
  sourceRecord,
  type ConfigDef,
  type Converter,
  type ConverterInstance,
  type Logger,
  type Props,
  type SourceRecord,
  type Transform,
  type TransformStep,
} from '../../api/index.ts'
import { parseConfig } from '../../config/index.ts'
import { converters } from '../../converters/index.ts'
import { transforms } from '../../transforms/index.ts'
import { order, orderSchema } from './records.ts'

const RECORDS = 1_000
const TOPIC = 'bench'

/** An operation on one of a thousand records, selected by its index. */
export interface Case {
  readonly name: string
  readonly records: number
  on(index: number): unknown
}

/** Returns the same cases as Micro.java, for Headrace. */
export function cases(): Case[] {
  const withSchemas = jsonConverter({ 'schemas.enable': 'true' })
  const without = jsonConverter({ 'schemas.enable': 'false' })
  const numbers = Array.from({ length: RECORDS }, (_, number) => number)
  const structs = numbers.map((number) => order(number, true))
  const maps = numbers.map((number) => order(number, false))
  const enveloped = structs.map((value) => bytesOf(withSchemas, orderSchema, value))
  const bare = maps.map((value) => bytesOf(without, null, value))
  const records = structs.map((value) => record(orderSchema, value))
  const schemaless = maps.map((value) => record(null, value))
  const chain = [
    transform('InsertField', { 'static.field': 'source', 'static.value': 'bench' }),
    transform('ReplaceField', { exclude: 'text', renames: 'name:title' }),
    transform('MaskField', { fields: 'city' }),
  ]
  const each = (name: string, on: Case['on']): Case => ({ name, records: RECORDS, on })
  return [
    each('JSON with schemas, writing', (index) =>
      written(withSchemas.fromConnect(TOPIC, orderSchema, structs[index])),
    ),
    each('JSON with schemas, reading', (index) => withSchemas.toConnect(TOPIC, enveloped[index] ?? null)),
    each('JSON without schemas, writing', (index) => written(without.fromConnect(TOPIC, null, maps[index]))),
    each('JSON without schemas, reading', (index) => without.toConnect(TOPIC, bare[index] ?? null)),
    each('three transforms, with schemas', (index) => through(chain, records[index])),
    each('three transforms, without schemas', (index) => through(chain, schemaless[index])),
  ]
}

const out = Buffer.allocUnsafe(64 * 1024)

/** Encodes strings, because the producer writes them into its batch, which is part of the work. */
function written(serialized: Buffer | string | null): unknown {
  return typeof serialized === 'string' ? out.write(serialized) : serialized
}

function bytesOf(
  converter: ConverterInstance,
  schema: typeof orderSchema | null,
  value: unknown,
): Buffer | null {
  const serialized = converter.fromConnect(TOPIC, schema, value)
  return typeof serialized === 'string' ? Buffer.from(serialized) : serialized
}

function record(valueSchema: typeof orderSchema | null, value: unknown): SourceRecord {
  return sourceRecord({
    topic: TOPIC,
    sourcePartition: null,
    sourceOffset: null,
    valueSchema,
    value,
    timestamp: 0,
  })
}

function through(chain: readonly TransformStep[], first: SourceRecord | undefined): SourceRecord | null {
  let current: SourceRecord | null = first ?? null
  for (const step of chain) {
    if (current === null) return null
    current = step.apply(current)
  }
  return current
}

const ignore = (): void => {}
const log: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore }

function jsonConverter(props: Props): ConverterInstance {
  const found = named<Converter>(converters.converters, 'org.apache.kafka.connect.json.JsonConverter')
  const config = parseConfig<ConfigDef>(found.config, { ...props, 'converter.type': 'value' })
  return found.create(config, 'value', { log, signal: new AbortController().signal })
}

function transform(name: string, props: Props): TransformStep {
  const found = named<Transform>(transforms.transforms, `org.apache.kafka.connect.transforms.${name}$Value`)
  return found.create(parseConfig<ConfigDef>(found.config, props))
}

function named<T extends { readonly name: string }>(list: readonly T[] | undefined, name: string): T {
  const found = list?.find((entry) => entry.name === name)
  if (found === undefined) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `no such transform: ${name}`)
  return found
}
