import { blockCodec } from '../../../compression/index.ts'
import { parquetCodecs, type ParquetCodec } from '../codecs.ts'
import { hadoopLz4 } from '../hadoop-lz4.ts'
import { corrupt } from './corrupt.ts'
import type { Decompress } from './page-reader.ts'

/** Returns the decompression of a codec by its name in the footer. Rejects with `HR_DATA_INVALID` if it is not supported. */
export async function decompressOf(codec: string): Promise<Decompress> {
  const known = Object.entries<ParquetCodec>(parquetCodecs).find(([, { enum: name }]) => name === codec)
  if (known === undefined) throw corrupt(`the codec ${codec} is not supported`)
  const [name, { blocks }] = known
  if (blocks === null) return async (bytes) => bytes
  const plain = await blockCodec(blocks)
  const { decompress } = name === 'lz4' ? hadoopLz4(plain) : plain
  return async (bytes, size) => {
    const result = await decompress(bytes, size)
    if (result.length !== size) throw corrupt(`a page has ${result.length} bytes instead of ${size}`)
    return result
  }
}
