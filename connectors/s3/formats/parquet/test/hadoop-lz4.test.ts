import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockCodec } from '../../../compression/index.ts'
import { hadoopLz4 } from '../hadoop-lz4.ts'

const text = Buffer.from('the same words again and again. '.repeat(100))

test('a block has its sizes in front', async () => {
  const packed = await hadoopLz4(await blockCodec('lz4')).compress(text)
  assert.deepEqual([packed.readUInt32BE(0), packed.readUInt32BE(4)], [text.length, packed.length - 8])
})

test('several blocks, and a block without sizes, are read', async () => {
  const plain = await blockCodec('lz4')
  const framed = hadoopLz4(plain)
  const [one, two] = [
    await framed.compress(text.subarray(0, 1000)),
    await framed.compress(text.subarray(1000)),
  ]
  assert.deepEqual(await framed.decompress(Buffer.concat([one, two]), text.length), text)
  assert.deepEqual(await framed.decompress(await plain.compress(text), text.length), text)
})
