import {
  changedRecord,
  defineConfig,
  makeSchema,
  version,
  type Schema,
  type SchemaAndValue,
  type Transform,
} from '../../api/index.ts'
import { javaClassOf } from '../../java/index.ts'
import { debeziumName } from '../catalog.ts'
import { perSchema } from '../field-transform.ts'
import { invalid, requireStruct, setField, type Fields } from '../structs.ts'
import { expandedJson, type JsonNulls } from './outbox-json.ts'
import { nullsAsDefaults } from './settings.ts'

const MESSAGE_VALUE = 'io.debezium.connector.postgresql.MessageValue'
const MESSAGE = 'message'
const CONTENT = 'content'
const OPERATION = 'op'
const AFTER = 'after'

const config = defineConfig({
  'fields.null.include': {
    type: 'boolean',
    default: false,
    importance: 'medium',
    width: 'medium',
    displayName: 'Defines whether to include fields with null values to the decoded structure',
    doc: 'Whether to include fields of the content that are null, with the type optional bytes.',
  },
})

/**
 * Converts logical decoding messages of PostgreSQL whose content is a JSON object into change events that insert this
 * object as a row, without a key, so that EventRouter can process them. Other records pass through unchanged.
 *
 * Source: DecodeLogicalDecodingMessageContent.
 */
export const decodeMessageContent: Transform<typeof config> = {
  kind: 'transformation',
  name: debeziumName('connector.postgresql.transforms.DecodeLogicalDecodingMessageContent'),
  version,
  config,
  create(given) {
    const nulls = nullsAsDefaults(config, given)['fields.null.include'] ? 'optional_bytes' : 'ignore'
    const envelopesOf = perSchema(envelopesFor)
    return {
      apply: (record) => {
        const { valueSchema, value } = record
        if (valueSchema?.name !== MESSAGE_VALUE) return record
        const original = requireStruct(valueSchema, value, 'Retrieve a record value')
        const content = contentOf(valueSchema, original, nulls)
        return changedRecord(record, {
          keySchema: null,
          key: null,
          valueSchema: envelopesOf(valueSchema)(content.schema!),
          value: insertOf(valueSchema, original, content.value),
        })
      },
    }
  },
}

/** Returns a function from the schema of a content to that of the change event which inserts it. */
function envelopesFor(schema: Schema): (content: Schema) => Schema {
  const kept = schema.fields
    .filter(({ name }) => name !== MESSAGE)
    .map((field) => [field.name, field.schema] as const)
  return perSchema((content: Schema) =>
    makeSchema({ type: 'struct', name: `${schema.name}.Envelope`, fields: [...kept, [AFTER, content]] }),
  )
}

function insertOf(schema: Schema, original: Readonly<Fields>, content: unknown): Fields {
  const event: Fields = {}
  for (const { name } of schema.fields) {
    if (name !== MESSAGE) setField(event, name, name === OPERATION ? 'c' : (original[name] ?? null))
  }
  event[AFTER] = content
  return event
}

/** Parses the content. Throws `HR_DATA_INVALID` if it is not the bytes of a JSON object. */
function contentOf(schema: Schema, value: Readonly<Fields>, nulls: JsonNulls): SchemaAndValue {
  const field = schema.field(MESSAGE)?.schema
  if (field === undefined) throw invalid(`The logical decoding message has no field ${MESSAGE}`)
  const content = requireStruct(field, value[MESSAGE], 'Retrieve content of a logical decoding message')[
    CONTENT
  ]
  if (!(content instanceof Uint8Array)) throw notBinary(content)
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8')
  const decoded = expandedJson(text, null, nulls)
  if (typeof decoded === 'string') throw notJson(decoded)
  if (decoded.schema?.type !== 'struct') throw notJson('it is an array')
  return decoded
}

function notBinary(content: unknown) {
  const found = javaClassOf(content ?? null)
  const remedy = 'Set binary.handling.mode=bytes in the connector.'
  return invalid(
    `The content of a logical decoding message is non-binary: expected bytes, found ${found}. ${remedy}`,
  )
}

function notJson(reason: string) {
  return invalid(`The content of a logical decoding message is not a JSON object: ${reason}`)
}
