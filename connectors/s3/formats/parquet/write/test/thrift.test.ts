import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import {
  binary,
  bool,
  int32,
  int64,
  int8,
  list,
  struct,
  thriftBytes,
  type Thrift,
  writtenStructs,
} from '../thrift.ts'

function decoded(value: Thrift): unknown {
  const bytes = thriftBytes(value)
  return deserializeTCompactProtocol({
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    offset: 0,
  })
}

test('structs have the fields that are not undefined', () => {
  assert.deepEqual(
    decoded(struct({ 1: int32(-5), 2: undefined, 3: bool(true), 4: bool(false), 40: int8(16) })),
    {
      field_1: -5,
      field_3: true,
      field_4: false,
      field_40: 16,
    },
  )
})

test('integers of all sizes come back', () => {
  const values = [0, 1, -1, 63, 64, -65, 2 ** 31, -(2 ** 40)]
  assert.deepEqual(decoded(struct({ 1: list(values.map(int64)) })), { field_1: values.map(BigInt) })
})

test('lists can be empty, and longer than their short header', () => {
  const long = Array.from({ length: 20 }, (_, at) => at)
  assert.deepEqual(
    decoded(struct({ 1: list([]), 2: list(long.map(int32)), 3: list([struct({ 1: int32(1) })]) })),
    {
      field_1: [],
      field_2: long,
      field_3: [{ field_1: 1 }],
    },
  )
})

test('texts and bytes have their length in front', () => {
  assert.deepEqual(
    [...thriftBytes(struct({ 1: binary('ü'), 2: binary(Buffer.from([7])) }))],
    [0x18, 2, 0xc3, 0xbc, 0x18, 1, 7, 0],
  )
})

test('structs that have been written already are a list as others are', () => {
  const value = struct({ 1: int32(7), 3: list([binary('a'), binary('b')]) })
  for (const count of [0, 2, 20]) {
    const values = Array.from({ length: count }, () => value)
    const written = writtenStructs(count, Buffer.concat(values.map(thriftBytes)))
    assert.deepEqual(thriftBytes(struct({ 2: written })), thriftBytes(struct({ 2: list(values) })))
  }
})
