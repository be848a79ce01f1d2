import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isConnectError, type SchemaAndValue } from '../../../../../api/index.ts'
import { parseConfig } from '../../../../../config/index.ts'
import { jsonConverter } from '../../../../../converters/json/index.ts'
import { converterContext } from '../../../../../testing/index.ts'
import { defaultAvroData, type AvroDataSettings } from '../index.ts'
import { readingOf, writingOf } from '../values/index.ts'

/*
 * The results of Confluent's own AvroData (Schema Registry 8.5, Avro 1.12): for a value in the envelope of the
 * JsonConverter, the Avro schema and the bytes that Java writes; and for these, or for a schema of another program, the
 * value that Java reads, in the envelope.
 */

interface Case {
  readonly id: string
  readonly config?: Readonly<Record<string, string>>
  /** The value to write, with its schema. */
  readonly connect?: string
  readonly avro?: string
  readonly hex?: string
  /** The value that is read. */
  readonly back?: string
  readonly error?: string
}

/** What we do otherwise, on purpose; undefined for cases that only we can handle. */
const differs: Readonly<Record<string, Partial<Record<'avro' | 'back', RegExp>> | undefined>> = {
  'two maps other keys': { avro: /"MapEntry2".*"connect\.internal\.type":"MapEntry"/ },
  'default array optional items': { back: /"default":\["q",null\]/ },
  'default map int keys': { back: /"default":\[\[1,2\]\]/ },
  'read connect default array of unions': { back: /"default":\[1,null\]/ },
  // Java writes files that it cannot read
  'topic envelope name': undefined,
  'same name other shape': undefined,
  // a file of nulls, of which Connect cannot have the schema; a null that the encoder refuses
  'read null': undefined,
  'schemaless null': undefined,
  // not a question of Avro: the envelope cannot have such a map, or the default of a struct
  'map optional keys': undefined,
  'read record default': undefined,
}

const file = new URL('../../../../../../connectors/s3/formats/avro/test/avro-data.jsonl', import.meta.url)
const cases = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case)

const config = parseConfig(jsonConverter.config, { 'converter.type': 'value' })
const envelopes = jsonConverter.create(config, 'value', converterContext())

function settingsOf({ config: props = {} }: Case): AvroDataSettings {
  const flag = (name: string, otherwise: boolean) => (props[name] ?? String(otherwise)) === 'true'
  return {
    enhancedSchemaSupport: flag('enhanced.avro.schema.support', defaultAvroData.enhancedSchemaSupport),
    connectMetaData: flag('connect.meta.data', defaultAvroData.connectMetaData),
    allowOptionalMapKeys: flag('allow.optional.map.keys', defaultAvroData.allowOptionalMapKeys),
  }
}

function write(one: Case): { readonly avro: string; readonly hex: string } {
  const { schema, value } = envelopes.toConnect('t', Buffer.from(one.connect ?? ''))
  const { text, type } = writingOf(schema, settingsOf(one))
  const bytes = Buffer.alloc(10_000)
  return { avro: text, hex: bytes.subarray(0, type.encode(value, bytes, 0)).toString('hex') }
}

function read({ avro = '', hex = '', ...one }: Case): SchemaAndValue {
  const { schema, type } = readingOf(avro, settingsOf({ avro, hex, ...one }))
  const bytes = Buffer.from(hex, 'hex')
  const { values, end, fault } = type.readSome(bytes, 0, 1)
  if (fault !== undefined) throw fault
  assert.equal(end, bytes.length)
  return { schema, value: values[0] }
}

function checkWritten(one: Case): void {
  const { avro, hex } = write(one)
  const other = differs[one.id]?.avro
  if (other === undefined) assert.equal(avro, one.avro)
  else assert.match(avro, other)
  assert.equal(hex, one.hex)
}

function checkRead(one: Case): void {
  const found = read(one)
  // Java returns nothing at all for a null
  if (one.back === undefined) return assert.equal(found.value, null)
  const back = String(envelopes.fromConnect('t', found.schema, found.value))
  const other = differs[one.id]?.back
  if (other === undefined) assert.deepEqual(JSON.parse(back), JSON.parse(one.back))
  else assert.match(back, other)
}

const invalid = (error: unknown): boolean => isConnectError(error) && error.code === 'HR_DATA_INVALID'

for (const one of cases) {
  if (one.id in differs && differs[one.id] === undefined) continue
  if (one.error !== undefined) {
    const fail = one.connect === undefined ? () => read(one) : () => write(one)
    test(`like AvroData, refuses: ${one.id}`, () => assert.throws(fail, invalid))
    continue
  }
  test(`like AvroData: ${one.id}`, () => {
    if (one.connect !== undefined) checkWritten(one)
    checkRead(one)
  })
}

test('two types with one name are refused if they differ; Java writes a file that it cannot read', () => {
  const one = cases.find(({ id }) => id === 'same name other shape') as Case
  assert.throws(() => write(one), /Two different schemas have the name n\.A/)
})
