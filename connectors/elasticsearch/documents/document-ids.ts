import { ConnectError, type Schema, schemalessTypeOf, type SinkRecord } from '../../../api/index.ts'
import { javaClassOf, javaText } from '../../../java/index.ts'

const MOST_BYTES = 512
const MOST_BYTES_PER_CHARACTER = 3
const LONE_SURROGATE = /[\ud800-\udfff]/u
const ALLOWED: ReadonlySet<string> = new Set(['int8', 'int16', 'int32', 'int64', 'string'])

/**
 * Returns the key of a record as the id of a document.
 *
 * Throws `HR_DATA_INVALID` for a key that is null, empty, neither a string nor an integer, or too long for the server,
 * which would refuse the whole bulk request. Source: DataConverter.convertKey.
 */
export function idOfKey({ key, keySchema }: SinkRecord): string {
  if (typeof key === 'string' && (keySchema === null || keySchema.type === 'string')) return checked(key)
  if (key === null || key === undefined) {
    throw invalid('The key is null, but it is the id of the document (key.ignore is false)')
  }
  const type = typeOf(key, keySchema)
  if (!ALLOWED.has(type)) {
    throw invalid(
      `A key of type ${type.toUpperCase()} cannot be the id of a document; expected STRING or INT8 to INT64`,
    )
  }
  return checked(javaText(key, keySchema))
}

/** Returns the id of a document whose record's key is ignored. */
export const idOfPlace = ({ topic, partition, offset }: SinkRecord): string =>
  checked(`${topic}+${partition}+${offset}`)

function typeOf(key: unknown, schema: Schema | null): string {
  if (schema !== null) return schema.type
  const type = schemalessTypeOf(key)
  if (type !== undefined) return type
  throw invalid(
    `A key of class ${javaClassOf(key)} cannot be the id of a document; expected STRING or INT8 to INT64`,
  )
}

function checked(id: string): string {
  if (id === '') throw invalid('The key is empty, but it is the id of the document (key.ignore is false)')
  if (id.length > MOST_BYTES / MOST_BYTES_PER_CHARACTER) refuseLong(id)
  if (LONE_SURROGATE.test(id))
    throw invalid('The id of the document has characters that UTF-8 cannot represent')
  return id
}

function refuseLong(id: string): void {
  const bytes = Buffer.byteLength(id)
  if (bytes <= MOST_BYTES) return
  throw invalid(`The id of the document has ${bytes} bytes, and the server accepts at most ${MOST_BYTES}`)
}

const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)
