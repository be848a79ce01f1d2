import type { Schema } from '../../../../../api/index.ts'
import type { ObjectSource } from '../../../ports.ts'
import { ChunkBytes } from '../pages/chunk-bytes.ts'
import { decompressOf } from '../pages/decompress.ts'
import { PageReader } from '../pages/page-reader.ts'
import { PageDecoder } from '../pages/page-values.ts'
import type { ValueSource } from '../pages/value-source.ts'
import { leavesOf, type GroupType, type Leaf } from '../schema/parquet-type.ts'
import { assemblerOf } from './assembler.ts'
import { ColumnCursor } from './column-cursor.ts'
import type { ColumnChunk, RowGroupInfo } from './footer.ts'

/** Row groups up to this size are requested at once, others column by column in pieces. */
const WHOLE_BYTES = 8 * 1024 * 1024
/** Size of the pieces of all columns together. */
const PIECES_BYTES = 16 * 1024 * 1024
const [MIN_PIECE_BYTES, MAX_PIECE_BYTES] = [64 * 1024, 1024 * 1024]
/** Number of records in a batch. */
const BATCH_RECORDS = 500

/** What the row groups of a file have in common. */
export interface FileShape {
  readonly schema: Schema
  readonly root: GroupType
  readonly sources: readonly ValueSource[]
}

/** Reads the records of a row group in batches, after the first `skip`. */
export async function* readRowGroup(
  object: ObjectSource,
  { schema, root, sources }: FileShape,
  { rows, chunks }: RowGroupInfo,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[]> {
  const cursors = await openColumns(object, leavesOf(root), chunks, sources, signal)
  const { read } = assemblerOf(schema, root, cursors)
  let skipped = 0
  for (let done = 0; done < rows;) {
    await Promise.all(cursors.map((cursor) => cursor.fill()))
    const complete = Math.min(...cursors.map((cursor) => cursor.complete))
    const count = Math.min(complete, rows - done, BATCH_RECORDS)
    const { values, fault } = readUpTo(count, read)
    done += values.length
    const wanted = values.slice(Math.max(0, skip - skipped))
    skipped += values.length - wanted.length
    if (wanted.length > 0) yield wanted
    if (fault !== undefined) throw fault.error
  }
}

interface Batch {
  readonly values: readonly unknown[]
  readonly fault: { readonly error: unknown } | undefined
}

/** Keeps the values before a fault. */
function readUpTo(count: number, read: () => unknown): Batch {
  const values: unknown[] = []
  try {
    while (values.length < count) values.push(read())
  } catch (error) {
    return { values, fault: { error } }
  }
  return { values, fault: undefined }
}

async function openColumns(
  object: ObjectSource,
  leaves: readonly Leaf[],
  chunks: readonly ColumnChunk[],
  sources: readonly ValueSource[],
  signal: AbortSignal,
): Promise<ColumnCursor[]> {
  const start = Math.min(...chunks.map((chunk) => chunk.start))
  const end = Math.max(...chunks.map((chunk) => chunk.end))
  const whole = end - start <= WHOLE_BYTES ? await object.range(start, end, signal) : undefined
  const pieceBytes = Math.max(MIN_PIECE_BYTES, Math.min(MAX_PIECE_BYTES, PIECES_BYTES / chunks.length))
  return Promise.all(
    chunks.map(async (chunk, at) => {
      const leaf = leaves[at] as Leaf
      const bytes = new ChunkBytes(object, chunk, pieceBytes, signal)
      if (whole !== undefined) bytes.supply(whole.subarray(chunk.start - start, chunk.end - start))
      const decoder = new PageDecoder(leaf.type, sources[at] as ValueSource)
      const pages = new PageReader(leaf, bytes, decoder, await decompressOf(chunk.codec))
      return new ColumnCursor(pages, leaf.maxDefinition)
    }),
  )
}
