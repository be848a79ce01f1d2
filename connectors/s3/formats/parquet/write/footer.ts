import { headraceVersion } from '../../../../../api/index.ts'
import { leavesOf, type GroupType } from '../schema/parquet-type.ts'
import { schemaElements } from './schema-elements.ts'
import { binary, int32, int64, list, struct, thriftBytes, type Thrift } from './thrift.ts'

/** The first and the last bytes of a file. */
export const MAGIC = Buffer.from('PAR1')

/** Version of the format: files have data pages of version 1. */
const FORMAT_VERSION = 1

export interface FooterContent {
  readonly root: GroupType
  readonly rows: number
  /** The metadata of the row groups: {@link writtenStructs}. */
  readonly rowGroups: Thrift
  readonly metadata: Readonly<Record<string, string>>
}

/** Encodes the end of a file. Source: FileMetaData in parquet.thrift. */
export function footerBytes({ root, rows, rowGroups, metadata }: FooterContent): Buffer {
  const pairs = Object.entries(metadata)
  const content = thriftBytes(
    struct({
      1: int32(FORMAT_VERSION),
      2: list(schemaElements(root)),
      3: int64(rows),
      4: rowGroups,
      5:
        pairs.length === 0
          ? undefined
          : list(pairs.map(([key, value]) => struct({ 1: binary(key), 2: binary(value) }))),
      6: binary(`headrace version ${headraceVersion}`),
      7: list(leavesOf(root).map(() => struct({ 1: struct({}) }))),
    }),
  )
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  return Buffer.concat([content, size, MAGIC])
}
