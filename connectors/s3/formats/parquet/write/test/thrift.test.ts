import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js'
import {
  binary,
  bool,
  encoded,
  int32,
  int64,
  int8,
  list,
  struct,
  thriftBytes,
  type Thrift,
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

test('an encoded value is written as the value itself', () => {
  const value = struct({ 1: int32(7), 3: list([binary('a'), binary('b')]) })
  const around = (item: Thrift) => thriftBytes(struct({ 2: list([item, item]), 20: item }))
  assert.deepEqual(around(encoded(value)), around(value))
})
