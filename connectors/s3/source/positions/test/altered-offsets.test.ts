import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkSourceOffsets } from '../altered-offsets.ts'
import { newSlot, slotOffset } from '../slot-offset.ts'

const series = { bucket: 'b', series: 'topics/t/p/t+0+' }
const slot = { bucket: 'b', prefix: 'topics/', slot: 63 }

test('offsets of series and slots are accepted, and any partition can be reset', () => {
  assert.equal(
    checkSourceOffsets({}, [
      [series, { object: '0000000042' }],
      [series, { object: '42.json.gz', records: 7, done: true, modified: 1n }],
      [slot, slotOffset(newSlot)],
      [slot, { through: 5 }],
      [{ other: 1 }, null],
      [null, null],
    ]),
    true,
  )
})

test('other partitions and offsets are refused with what is expected', () => {
  const refused = (partition: typeof series | typeof slot | object | null, offset: object, message: RegExp) =>
    assert.throws(() => checkSourceOffsets({}, [[partition as never, offset as never]]), {
      code: 'HR_CONNECT',
      message,
    })
  refused(null, {}, /Partition objects cannot be null/)
  refused({ series: 's', bucket: 'b' }, {}, /A partition has series,bucket, expected 'bucket' and 'series'/)
  refused({ ...series, series: '' }, { object: '1' }, /series=, expected a text/)
  refused({ ...slot, slot: 64 }, { through: 1 }, /slot=64, expected a number from 0 to 63/)
  refused(series, { object: 'x.json' }, /object=x\.json, expected the end of the key/)
  refused(series, { object: '1', records: -1 }, /records=-1, expected a whole number/)
  refused(series, { object: '1', done: 'yes' }, /done=yes, expected true or false/)
  refused(slot, { recent: 'abc' }, /recent=abc, expected tokens/)
})
