import { parquetMetadata, type FileMetaData } from 'hyparquet'
import { messageOf } from '../../../../../api/index.ts'
import type { ObjectSource } from '../../../ports.ts'
import { corrupt } from '../pages/corrupt.ts'
import { leavesOf, type GroupType } from '../schema/parquet-type.ts'
import { schemaTree } from './schema-tree.ts'

/** Size of the first request. It is enough for the footers of most files. */
const FIRST_BYTES = 64 * 1024
/** Size of the length and the magic bytes at the end. */
const END_BYTES = 8
const MAGIC = 'PAR1'
const MAX_FOOTER_BYTES = 256 * 1024 * 1024

/** Where a column of a row group is. */
export interface ColumnChunk {
  readonly codec: string
  readonly start: number
  /** Position behind the last byte. */
  readonly end: number
  /** Number of values and nulls. */
  readonly values: number
}

export interface RowGroupInfo {
  readonly rows: number
  /** In the order of the columns of the schema. */
  readonly chunks: readonly ColumnChunk[]
}

export interface Footer {
  readonly root: GroupType
  readonly rowGroups: readonly RowGroupInfo[]
  readonly metadata: ReadonlyMap<string, string>
}

/** Reads the footer. Rejects with `HR_DATA_INVALID` if the object is not a Parquet file. */
export async function readFooter(object: ObjectSource, signal: AbortSignal): Promise<Footer> {
  if (object.size < END_BYTES + MAGIC.length) throw corrupt(`it has only ${object.size} bytes`)
  const end = await object.range(Math.max(0, object.size - FIRST_BYTES), object.size, signal)
  const magic = end.toString('latin1', end.length - MAGIC.length)
  if (magic === 'PARE') throw corrupt('its footer is encrypted')
  if (magic !== MAGIC) throw corrupt(`it does not end with ${MAGIC}`)
  const length = end.readUInt32LE(end.length - END_BYTES) + END_BYTES
  if (length > object.size || length > MAX_FOOTER_BYTES) throw corrupt(`its footer has ${length} bytes`)
  const whole = length <= end.length ? end : await object.range(object.size - length, object.size, signal)
  return parsed(whole.subarray(whole.length - length), object.size)
}

function parsed(bytes: Buffer, size: number): Footer {
  let content: FileMetaData
  try {
    content = parquetMetadata(bytes, { geoparquet: false })
  } catch (cause) {
    throw corrupt(`its footer cannot be read: ${messageOf(cause)}`, cause)
  }
  const root = schemaTree(content.schema)
  const columns = leavesOf(root).length
  const rowGroups = content.row_groups.map(({ num_rows: rows, columns: chunks }) => {
    if (chunks.length !== columns) throw corrupt(`a row group has ${chunks.length} of ${columns} columns`)
    return { rows: Number(rows), chunks: chunks.map((chunk) => chunkOf(chunk, size)) }
  })
  const pairs = (content.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ''] as const)
  return { root, rowGroups, metadata: new Map(pairs) }
}

function chunkOf(
  { meta_data: about, file_path: elsewhere }: FileMetaData['row_groups'][number]['columns'][number],
  size: number,
): ColumnChunk {
  if (about === undefined || elsewhere !== undefined)
    throw corrupt('a column is encrypted or in another file')
  const data = Number(about.data_page_offset)
  const dictionary = Number(about.dictionary_page_offset ?? 0)
  const start = dictionary > 0 ? Math.min(dictionary, data) : data
  const end = start + Number(about.total_compressed_size)
  if (!(start >= MAGIC.length && end > start && end <= size)) {
    throw corrupt(`a column is at ${start} to ${end}, outside of the file`)
  }
  return { codec: about.codec, start, end, values: Number(about.num_values) }
}
