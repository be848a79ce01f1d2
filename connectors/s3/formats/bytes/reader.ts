import { BYTES } from '../../../../api/index.ts'
import type { ObjectReader } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import {
  fixedRows,
  rowReader,
  separatedRows,
  wholeRow,
  type RowDecoder,
  type RowSplitter,
} from '../lines/index.ts'

/** How an object consists of values. */
export type BytesLayout =
  /** Each value ends with the separator, the last one optionally. Values of more than `mostBytes` are invalid. */
  | { readonly kind: 'separated'; readonly separator: Buffer; readonly mostBytes: number }
  /** The object is one value. */
  | { readonly kind: 'whole'; readonly mostBytes: number }
  /** Values have this size, the last one at most. */
  | { readonly kind: 'fixed'; readonly size: number }

/** Reads values of bytes. */
export function byteArrayReader(compression: Compression, layout: BytesLayout): ObjectReader {
  return rowReader(
    compression,
    () => splitterOf(layout),
    () => decoder,
  )
}

function splitterOf(layout: BytesLayout): RowSplitter {
  switch (layout.kind) {
    case 'separated':
      return separatedRows(layout.separator, layout.mostBytes)
    case 'whole':
      return wholeRow(layout.mostBytes)
    case 'fixed':
      return fixedRows(layout.size)
  }
}

const decoder: RowDecoder = {
  isValue: () => true,
  decode: (bytes, start, end) => ({ schema: BYTES, value: bytes.subarray(start, end) }),
}
