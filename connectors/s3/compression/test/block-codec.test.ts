import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../api/index.ts'
import { blockCodec, type BlockCompression } from '../block-codec.ts'

const names: readonly BlockCompression[] = ['snappy', 'gzip', 'zstd', 'lz4', 'brotli']
const text = Buffer.from('the same words again and again. '.repeat(2000))

const invalid = (error: unknown) => isConnectError(error) && error.code === 'HR_DATA_INVALID'

for (const name of names) {
  test(`${name} makes a block smaller and restores it`, async () => {
    const codec = await blockCodec(name)
    const packed = await codec.compress(text)
    assert.ok(packed.length < text.length / 10)
    assert.deepEqual(await codec.decompress(packed, text.length), text)
    const none = await codec.compress(Buffer.alloc(0))
    assert.equal((await codec.decompress(none, 0)).length, 0)
  })

  test(`${name} refuses bytes that are not its own, and blocks that are longer than allowed`, async () => {
    const codec = await blockCodec(name)
    await assert.rejects(codec.decompress(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x01, 0xff]), 1000), invalid)
    const packed = await codec.compress(text)
    await assert.rejects(codec.decompress(packed.subarray(0, packed.length >> 1), text.length), invalid)
    await assert.rejects(codec.decompress(packed, 1000), invalid)
  })
}

test('a codec is loaded once', () => {
  assert.equal(blockCodec('snappy'), blockCodec('snappy'))
})
