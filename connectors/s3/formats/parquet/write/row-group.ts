import type { ColumnPages, Page } from '../columns/page-list.ts'
import type { Leaf } from '../schema/parquet-type.ts'
import { encodingCodes, pageCodes, physicalCodes } from './format-codes.ts'
import type { Output } from '../../../ports.ts'
import { PageOutput } from './page-output.ts'
import { binary, int32, int64, list, struct, type Thrift } from './thrift.ts'

/** A row group that is complete, but has not been passed to the output. */
export interface RowGroup {
  readonly rows: number
  readonly columns: readonly ColumnPages[]
}

/** What the metadata of a row group contain of its file. */
export interface RowGroupPlace {
  readonly leaves: readonly Leaf[]
  /** Number of the codec in the format. */
  readonly codec: number
  /** Position of the row group in the file. */
  readonly start: number
}

/** Passes a row group, whose pages are compressed, to the output. Returns its metadata for the footer. */
export function emitRowGroup(
  { rows, columns }: RowGroup,
  { leaves, codec, start }: RowGroupPlace,
  output: Output,
): Thrift {
  const pages = new PageOutput(start, output)
  const chunks = columns.map((column, at) => emitColumn(column, leaves[at] as Leaf, codec, pages))
  pages.flush()
  const sum = (key: 'size' | 'compressed') => chunks.reduce((total, chunk) => total + chunk[key], 0)
  return struct({
    1: list(chunks.map(({ metadata }) => metadata)),
    2: int64(sum('size')),
    3: int64(rows),
    5: int64(start),
    6: int64(sum('compressed')),
  })
}

interface EmittedColumn {
  readonly metadata: Thrift
  /** Sizes in bytes with the headers of pages. */
  readonly size: number
  readonly compressed: number
}

function emitColumn(column: ColumnPages, leaf: Leaf, codec: number, output: PageOutput): EmittedColumn {
  const start = output.position
  const starts = column.pages.map((page) => output.add(pageHeader(page), page.bytes))
  const compressed = output.position - start
  const saved = column.pages.reduce((sum, page) => sum + page.size - page.bytes.length, 0)
  const size = compressed + saved
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
  return { metadata, size, compressed }
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
