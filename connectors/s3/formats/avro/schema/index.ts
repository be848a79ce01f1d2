import type { Schema } from '../../../../../api/index.ts'
import type { AvroDataSettings } from '../settings.ts'
import { avroNode } from './from-connect.ts'
import { schemaText } from './nodes.ts'

/**
 * Returns the Avro schema for a Connect schema as JSON, as Confluent's AvroData creates it; null is a schemaless value.
 *
 * Throws `HR_DATA_INVALID` for a schema that Avro cannot represent.
 */
export function avroSchemaText(schema: Schema | null, settings: AvroDataSettings): string {
  return schemaText(avroNode(schema, settings))
}
