import type { ColumnPages, Page } from '../columns/page-list.ts'
import type { Leaf } from '../schema/parquet-type.ts'
import { encodingCodes, pageCodes, physicalCodes } from './format-codes.ts'
import { binary, int32, int64, list, struct, thriftBytes, type Thrift } from './thrift.ts'

/** A row group that is complete, but has not been passed to the output. */
export interface RowGroup {
  readonly rows: number
  readonly columns: readonly ColumnPages[]
}

/** Passes bytes to the output and returns the position of the first. */
export type Emit = (bytes: Buffer) => number

/** Passes a row group to the output, and returns its metadata for the footer. */
export async function emitRowGroup(
  { rows, columns }: RowGroup,
  leaves: readonly Leaf[],
  codec: number,
  emit: Emit,
): Promise<Thrift> {
  const chunks: EmittedColumn[] = []
  for (const [at, pages] of columns.entries()) {
    await pages.compressed()
    chunks.push(emitColumn(pages, leaves[at] as Leaf, codec, emit))
  }
  const sum = (key: 'size' | 'compressed') => chunks.reduce((total, chunk) => total + chunk[key], 0)
  return struct({
    1: list(chunks.map(({ metadata }) => metadata)),
    2: int64(sum('size')),
    3: int64(rows),
    5: int64(chunks[0]?.start ?? 0),
    6: int64(sum('compressed')),
  })
}

interface EmittedColumn {
  readonly metadata: Thrift
  readonly start: number
  /** Sizes in bytes with the headers of pages. */
  readonly size: number
  readonly compressed: number
}

function emitColumn(column: ColumnPages, leaf: Leaf, codec: number, emit: Emit): EmittedColumn {
  let size = 0
  let compressed = 0
  const starts = column.pages.map((page) => {
    const header = thriftBytes(pageHeader(page))
    size += header.length + page.size
    compressed += header.length + page.bytes.length
    return emit(Buffer.concat([header, page.bytes]))
  })
  const [start = 0] = starts
  const firstData = column.pages.findIndex(({ encoding }) => encoding !== 'DICTIONARY')
  const metadata = struct({
    2: int64(start),
    3: struct({
      1: int32(physicalCodes[leaf.type.physical]),
      2: list(encodingsOf(column.pages).map(int32)),
      3: list(leaf.path.map(binary)),
      4: int32(codec),
      5: int64(
        column.pages.reduce((sum, { encoding, count }) => sum + (encoding === 'DICTIONARY' ? 0 : count), 0),
      ),
      6: int64(size),
      7: int64(compressed),
      9: int64(starts[firstData] ?? start),
      11: firstData > 0 ? int64(start) : undefined,
      12: statistics(column),
    }),
  })
  return { metadata, start, size, compressed }
}

function encodingsOf(pages: readonly Page[]): number[] {
  const codes = pages.map(({ encoding }) => encodingCodes[encoding === 'DICTIONARY' ? 'PLAIN' : encoding])
  return [...new Set([...codes, encodingCodes.RLE])]
}

function statistics({ nulls, bounds }: ColumnPages): Thrift {
  return struct({
    3: int64(nulls),
    5: bounds && binary(bounds.max),
    6: bounds && binary(bounds.min),
  })
}

function pageHeader({ encoding, count, size, bytes }: Page): Thrift {
  const isDictionary = encoding === 'DICTIONARY'
  const values = { 1: int32(count), 2: int32(encodingCodes[isDictionary ? 'PLAIN' : encoding]) }
  const levels = { 3: int32(encodingCodes.RLE), 4: int32(encodingCodes.RLE) }
  return struct({
    1: int32(isDictionary ? pageCodes.DICTIONARY : pageCodes.DATA),
    2: int32(size),
    3: int32(bytes.length),
    5: isDictionary ? undefined : struct({ ...values, ...levels }),
    7: isDictionary ? struct(values) : undefined,
  })
}
