import type { Compression } from '../../formats/index.ts'
import type { ObjectFormat } from '../../ports.ts'

/** A format whose objects are compressed as a whole, besides what the format itself compresses. */
export function compressed(format: ObjectFormat, compression: Compression): ObjectFormat {
  if (compression.name === 'none') return format
  return {
    ...format,
    extension: format.extension + compression.extension,
    open(schema, output) {
      const compressor = compression.compressor(output)
      const encoder = format.open(schema, (bytes) => compressor.add(bytes))
      return {
        write: (value, valueSchema) => encoder.write(value, valueSchema),
        get heldBytes() {
          return encoder.heldBytes + compressor.heldBytes
        },
        get keptBytes() {
          return encoder.keptBytes
        },
        async release() {
          await encoder.release()
          await compressor.release()
        },
        async end() {
          await encoder.end()
          await compressor.end()
        },
      }
    },
  }
}
