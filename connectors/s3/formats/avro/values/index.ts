import type { Schema } from '../../../../../api/index.ts'
import { anything } from '../schema/anything.ts'
import { avroNode } from '../schema/from-connect.ts'
import { schemaText } from '../schema/nodes.ts'
import { parseSchema } from '../schema/parse.ts'
import { connectSchema } from '../schema/to-connect.ts'
import type { AvroDataSettings } from '../settings.ts'
import { readerOf } from './reader.ts'
import { ReadType, WriteType } from './wire-type.ts'
import { writerOf } from './writer.ts'

/** How values of a Connect schema are written. */
export interface Writing {
  /** The Avro schema as JSON. */
  readonly text: string
  readonly type: WriteType
}

/** Compiles a Connect schema; null is a schemaless value. Throws `HR_DATA_INVALID` if Avro cannot represent it. */
export function writingOf(schema: Schema | null, settings: AvroDataSettings): Writing {
  const node = avroNode(schema, settings)
  return { text: schemaText(node), type: new WriteType(node, writerOf(schema, node)) }
}

/** How values of an Avro schema are read. */
export interface Reading {
  /** Null for schemaless values. */
  readonly schema: Schema | null
  readonly type: ReadType
}

const anythingText = schemaText(anything)

/** Compiles the text of an Avro schema. Throws `HR_DATA_INVALID` if it is not valid, or Connect cannot represent it. */
export function readingOf(text: string, settings: AvroDataSettings): Reading {
  const node = parseSchema(text)
  const schemaless = text === anythingText || (node.type === 'record' && schemaText(node) === anythingText)
  const schema = schemaless ? null : connectSchema(node, settings)
  return { schema, type: new ReadType(node, readerOf(schema, node)) }
}
