/** Header of the block format of Java's snappy library: magic, version 1, compatible with version 1. */
const HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
const MAGIC_BYTES = 8
const BLOCK_BYTES = 32 * 1024

/** Encodes snappy as Java's clients do: blocks of 32 KiB, each with a length prefix. */
export async function xerialCompress(bytes: Buffer, compress: (block: Buffer) => Buffer): Promise<Buffer> {
  const parts: Buffer[] = [HEADER]
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = compress(bytes.subarray(start, start + BLOCK_BYTES))
    const length = Buffer.allocUnsafe(4)
    length.writeInt32BE(block.length)
    parts.push(length, block)
  }
  return Buffer.concat(parts)
}

/**
 * Decodes both formats of producers: blocks of Java's library, or one plain block of librdkafka and others.
 */
export async function xerialDecompress(
  bytes: Buffer,
  uncompress: (block: Buffer) => Buffer,
): Promise<Buffer> {
  if (!bytes.subarray(0, MAGIC_BYTES).equals(HEADER.subarray(0, MAGIC_BYTES))) return uncompress(bytes)
  const parts: Buffer[] = []
  for (let start = HEADER.length; start < bytes.length;) {
    const end = start + 4 + bytes.readInt32BE(start)
    if (end <= start || end > bytes.length) throw new RangeError('a snappy block extends beyond the batch')
    parts.push(uncompress(bytes.subarray(start + 4, end)))
    start = end
  }
  return Buffer.concat(parts)
}
