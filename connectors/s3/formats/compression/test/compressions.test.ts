import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { CompressionName } from '../index.ts'
import { compressionNamed } from '../index.ts'

const bytes = Buffer.from(
  Array.from({ length: 40_000 }, (_, at) => `{"id":${at},"at":${(at * 7919) % 10_007}}\n`).join(''),
)

const sliced = (whole: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
    whole.subarray(at * size, at * size + size),
  )

async function compressed(name: CompressionName, parts: readonly Buffer[]): Promise<Buffer> {
  const out: Buffer[] = []
  const compressor = compressionNamed(name).compressor((part) => out.push(part))
  for (const part of parts) compressor.add(part)
  await compressor.end()
  return Buffer.concat(out)
}

async function* streamed(whole: Buffer, size: number): AsyncGenerator<Buffer> {
  yield* sliced(whole, size)
}

/** Returns what has been decompressed before the end or an error, and the error. */
async function decompressed(name: CompressionName, whole: Buffer, size = 1000) {
  const out: Buffer[] = []
  try {
    for await (const part of compressionNamed(name).decompress(streamed(whole, size))) out.push(part)
  } catch (error) {
    return { bytes: Buffer.concat(out), error: error as Error }
  }
  return { bytes: Buffer.concat(out), error: undefined }
}

const names = ['none', 'gzip', 'snappy', 'zstd'] as const

for (const name of names) {
  test(`${name}: what is compressed comes back, whatever the sizes of the parts`, async () => {
    for (const size of [700, 65_536, bytes.length]) {
      const whole = await compressed(name, sliced(bytes, size))
      for (const read of [997, whole.length]) {
        const result = await decompressed(name, whole, read)
        assert.equal(result.error, undefined)
        assert.ok(result.bytes.equals(bytes), `written by ${size}, read by ${read}`)
      }
    }
  })

  test(`${name}: an empty object is empty`, async () => {
    assert.deepEqual(await decompressed(name, await compressed(name, [])), {
      bytes: Buffer.alloc(0),
      error: undefined,
    })
  })

  test(`${name}: objects that have been joined are read to their end`, async () => {
    const whole = await compressed(name, [bytes])
    const { bytes: back } = await decompressed(name, Buffer.concat([whole, whole]), whole.length)
    assert.ok(back.equals(Buffer.concat([bytes, bytes])))
  })
}

for (const name of ['gzip', 'snappy', 'zstd'] as const) {
  test(`${name}: an object that is cut off gives the data before the end, and an error`, async () => {
    const whole = await compressed(name, sliced(bytes, 10_000))
    const { bytes: back, error } = await decompressed(name, whole.subarray(0, -40))
    assert.ok(error instanceof Error)
    assert.ok(back.length > bytes.length / 2 && back.equals(bytes.subarray(0, back.length)))
  })

  test(`${name}: other data is refused`, async () => {
    assert.ok((await decompressed(name, Buffer.from('{"id":1}\n'.repeat(100)))).error instanceof Error)
  })
}

test('gzip: a wrong checksum is an error', async () => {
  const whole = gzipSync(bytes)
  whole.writeUInt32LE(1, whole.length - 8)
  const { error } = await decompressed('gzip', whole)
  assert.match(String(error), /incorrect data check/)
})

test('snappy: a plain block is read, and the blocks are those of Java', async () => {
  const whole = await compressed('snappy', [bytes])
  assert.equal(whole.subarray(0, 16).toString('hex'), '82534e41505059000000000100000001')
  const length = whole.readInt32BE(16)
  const block = whole.subarray(20, 20 + length)
  assert.ok((await decompressed('snappy', block)).bytes.equals(bytes.subarray(0, 32 * 1024)))
})

test('snappy: the length of a block is limited', async () => {
  const whole = await compressed('snappy', [bytes])
  whole.writeInt32BE(0x7000_0000, 16)
  assert.match(String((await decompressed('snappy', whole)).error), /block of 1879048192 bytes/)
})
