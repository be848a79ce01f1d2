import type { Schema } from '../../../api/index.ts'
import { JsonEncoderCache, type JsonEncoder } from '../../../java/index.ts'
import type { OperationOptions } from './options.ts'

/** Returns the encoder of the values of a topic with a schema; null for schemaless values. */
export type EncoderOf = (topic: string, schema: Schema | null) => JsonEncoder

/** The settings that the JSON of documents depends on. */
export type EncoderOptions = Pick<
  OperationOptions,
  'schemaIgnore' | 'schemaIgnoreTopics' | 'compactMapEntries'
>

/**
 * Returns the function that finds the compiled encoder of documents.
 *
 * With schemas, decimals are numbers, and maps are objects or lists of `key` and `value`. Where schemas are ignored, values
 * are written as JsonConverter writes them without schemas. Encoders throw `HR_DATA_INVALID` for a value that does not match
 * its schema. Source: DataConverter.getPayload, preProcessSchema, preProcessValue. Differs: the defaults of logical types and
 * maps also replace nulls in lists and maps, where Java fails.
 */
export function documentEncoders(options: EncoderOptions): EncoderOf {
  const { schemaIgnore, schemaIgnoreTopics, compactMapEntries } = options
  const plain = new JsonEncoderCache({ decimals: 'base64', replaceNullWithDefault: true })
  if (schemaIgnore) return (_topic, schema) => plain.of(schema)
  const typed = new JsonEncoderCache({
    decimals: 'double',
    replaceNullWithDefault: true,
    maps: compactMapEntries ? 'entries' : 'allEntries',
    structDefaults: true,
  })
  if (schemaIgnoreTopics.size === 0) return (_topic, schema) => typed.of(schema)
  return (topic, schema) => (schemaIgnoreTopics.has(topic) ? plain : typed).of(schema)
}
