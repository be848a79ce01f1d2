import type { Schema } from '../../../../../api/index.ts'
import type { AvroDataSettings } from '../settings.ts'
import { avroNode } from './from-connect.ts'
import { schemaText } from './nodes.ts'
import { parseSchema } from './parse.ts'
import { connectSchema } from './to-connect.ts'

/**
 * Returns the Avro schema for a Connect schema as JSON, as Confluent's AvroData creates it; null is a schemaless value.
 *
 * Throws `HR_DATA_INVALID` for a schema that Avro cannot represent.
 */
export function avroSchemaText(schema: Schema | null, settings: AvroDataSettings): string {
  return schemaText(avroNode(schema, settings))
}

/**
 * Returns the Connect schema for an Avro schema as JSON, as Confluent's AvroData creates it.
 *
 * Throws `HR_DATA_INVALID` for a text that is no Avro schema, and for one that Connect cannot represent.
 */
export function connectSchemaOf(text: string, settings: AvroDataSettings): Schema {
  return connectSchema(parseSchema(text), settings)
}
