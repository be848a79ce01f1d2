import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../consumer-protocol.ts'

test('a subscription has the format of ConsumerProtocolSubscription v2', () => {
  const bytes = encodeSubscription({
    topics: ['b', 'a'],
    owned: [{ topic: 'a', partition: 2 }],
    generation: 7,
  })

  assert.equal(
    bytes.toString('hex'),
    [
      '0002',
      '00000002',
      '0001',
      '61',
      '0001',
      '62',
      'ffffffff',
      '00000001',
      '000161',
      '00000001',
      '00000002',
      '00000007',
    ].join(''),
  )
  assert.deepEqual(decodeSubscription(bytes), {
    topics: ['a', 'b'],
    owned: [{ topic: 'a', partition: 2 }],
    generation: 7,
  })
})

test('fields that an older subscription lacks are empty', () => {
  const v0 = Buffer.from('00000000000100016100000000', 'hex')

  assert.deepEqual(decodeSubscription(v0), { topics: ['a'], owned: [], generation: -1 })
})

test('an assignment has the format of ConsumerProtocolAssignment v1', () => {
  const partitions = [
    { topic: 'a', partition: 0 },
    { topic: 'b', partition: 1 },
    { topic: 'a', partition: 3 },
  ]
  const bytes = encodeAssignment(partitions)

  assert.equal(
    bytes.toString('hex'),
    [
      '0001',
      '00000002',
      '000161',
      '00000002',
      '00000000',
      '00000003',
      '000162',
      '00000001',
      '00000001',
      'ffffffff',
    ].join(''),
  )
  assert.deepEqual(new Set(decodeAssignment(bytes)), new Set(partitions))
  assert.deepEqual(decodeAssignment(Buffer.alloc(0)), [])
})
