import { BYTES, INT64, map, STRING, struct, type Schema } from '../../../../../api/index.ts'
import { parseSchema } from '../schema/parse.ts'
import { corrupt } from '../values/items.ts'
import { readerOf } from '../values/reader.ts'
import { ReadType, WriteType } from '../values/wire-type.ts'
import { writerOf } from '../values/writer.ts'

/** The first bytes of a file. */
const MAGIC = Buffer.from('Obj\u0001', 'latin1')
/** Size in bytes of the marker between blocks. */
export const SYNC_BYTES = 16
/** A header of more bytes is refused; it holds the schema. */
const MAX_HEADER = 16 << 20

const node = parseSchema(
  JSON.stringify({
    type: 'record',
    name: 'Header',
    fields: [
      { name: 'magic', type: { type: 'fixed', name: 'Magic', size: MAGIC.length } },
      { name: 'meta', type: { type: 'map', values: 'bytes' } },
      { name: 'sync', type: { type: 'fixed', name: 'Sync', size: SYNC_BYTES } },
    ],
  }),
)
const schema: Schema = struct({ magic: BYTES, meta: map(STRING, BYTES), sync: BYTES })
const writeType = new WriteType(node, writerOf(schema, node))
const readType = new ReadType(node, readerOf(schema, node))

export interface Header {
  /** The Avro schema as JSON. */
  readonly schema: string
  readonly codec: string
  readonly sync: Buffer
}

const blockNode = parseSchema(
  JSON.stringify({
    type: 'record',
    name: 'Block',
    fields: [
      { name: 'count', type: 'long' },
      { name: 'size', type: 'long' },
    ],
  }),
)
const blockSchema: Schema = struct({ count: INT64, size: INT64 })
const blockWriteType = new WriteType(blockNode, writerOf(blockSchema, blockNode))
const blockReadType = new ReadType(blockNode, readerOf(blockSchema, blockNode))

/** What comes before the bytes of a block. */
export interface BlockHeader {
  /** Number of values. */
  readonly count: number
  /** Size in bytes. */
  readonly size: number
}

export const blockHeaderBytes = (header: BlockHeader): Buffer => blockWriteType.toBuffer(header)

/** Reads the header of a block; undefined if the bytes are only a part of it. */
export function readBlockHeader(
  bytes: Buffer,
): { readonly header: BlockHeader; readonly end: number } | undefined {
  const { values, end, fault } = blockReadType.readSome(bytes, 0, 1)
  return fault === undefined ? { header: values[0] as BlockHeader, end } : undefined
}

/** Returns the first bytes of a file. */
export function headerBytes(header: Header): Buffer {
  const meta = new Map([
    ['avro.schema', Buffer.from(header.schema)],
    ['avro.codec', Buffer.from(header.codec)],
  ])
  return writeType.toBuffer({ magic: MAGIC, meta, sync: header.sync })
}

/**
 * Reads the header at the start of the bytes, and where it ends; undefined if they are only a part of it. Throws
 * `HR_DATA_INVALID` if they cannot be one.
 */
export function readHeader(bytes: Buffer): { readonly header: Header; readonly end: number } | undefined {
  const start = bytes.subarray(0, MAGIC.length)
  if (!start.equals(MAGIC.subarray(0, start.length))) {
    throw corrupt(`it starts with the bytes ${start.toString('hex')}, expected ${MAGIC.toString('hex')}`)
  }
  const { values, end, fault } = readType.readSome(bytes, 0, 1)
  if (fault !== undefined) {
    if (bytes.length < MAX_HEADER) return undefined
    throw corrupt(`its header has more than ${MAX_HEADER} bytes`)
  }
  const { meta, sync } = values[0] as { meta: ReadonlyMap<string, Buffer>; sync: Buffer }
  const text = meta.get('avro.schema')?.toString()
  if (text === undefined) throw corrupt('its header has no schema')
  return { header: { schema: text, codec: meta.get('avro.codec')?.toString() ?? 'null', sync }, end }
}
