import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteSink, copyOf } from '../byte-sink.ts'

test('numbers are little-endian', () => {
  const sink = new ByteSink()
  sink.byte(7)
  sink.int32(-2)
  sink.int64(-3)
  sink.int64(2 ** 40 + 1)
  sink.int64(-(2n ** 63n))
  sink.float(1.5)
  sink.double(-0.1)
  const bytes = sink.view()
  assert.deepEqual(
    [bytes[0], bytes.readInt32LE(1), bytes.readBigInt64LE(5), bytes.readBigInt64LE(13)],
    [7, -2, -3n, 2n ** 40n + 1n],
  )
  assert.deepEqual(
    [bytes.readBigInt64LE(21), bytes.readFloatLE(29), bytes.readDoubleLE(33), bytes.length],
    [-(2n ** 63n), 1.5, -0.1, 41],
  )
})

test('texts have their length in UTF-8 in front', () => {
  for (const text of ['', 'short', 'ü€\u{1F600}', 'long '.repeat(100)]) {
    const sink = new ByteSink()
    sink.text(text)
    assert.equal(sink.view().readInt32LE(0), Buffer.byteLength(text))
    assert.equal(sink.view().toString('utf8', 4), text)
  }
})

test('a size is written in front of what it counts', () => {
  const sink = new ByteSink()
  sink.byte(1)
  sink.sized(() => sink.bytes(Buffer.alloc(300, 9)))
  assert.deepEqual([sink.view().readInt32LE(1), sink.size], [300, 305])
})

test('a sink has memory only while it has bytes, and a copy has no more than it needs', () => {
  const sink = new ByteSink()
  assert.equal(sink.capacity, 0)
  sink.bytes(Buffer.alloc(1000, 1))
  sink.byte(2)
  assert.ok(sink.capacity > 1001)
  const copy = sink.copy()
  assert.equal(copy.buffer.byteLength, 1001)
  sink.clear()
  sink.byte(3)
  assert.deepEqual([copy[0], sink.view()[0]], [1, 3])
  sink.free()
  assert.deepEqual([sink.capacity, sink.size], [0, 0])
  assert.equal(copyOf(Buffer.from('pooled')).buffer.byteLength, 6)
})
