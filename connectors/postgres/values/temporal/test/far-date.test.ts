import { strict as assert } from 'node:assert'
import { test } from 'node:test'

import { dateSchema, dateToDays, MS_PER_DAY, validateValue } from '../../../../../api/index.ts'
import { farDateFromMs } from '../far-date.ts'

test('a Date within the range of JavaScript is an ordinary one', () => {
  const date = farDateFromMs(8.64e15)
  assert.equal(Object.getPrototypeOf(date), Date.prototype)
  assert.equal(date.getTime(), 8.64e15)
})

test('a Date beyond the range keeps its time', () => {
  const date = farDateFromMs(9_223_372_036_825_200)
  assert.ok(date instanceof Date)
  assert.equal(date.getTime(), 9_223_372_036_825_200)
  assert.equal(Number(date), 9_223_372_036_825_200)
  assert.equal(date.toISOString(), '+294247-01-10T04:00:25.200Z')
  assert.equal(JSON.stringify(date), '"+294247-01-10T04:00:25.200Z"')
})

test('converters accept a Date beyond the range', () => {
  const date = farDateFromMs(-2_147_472_692 * MS_PER_DAY)
  assert.doesNotThrow(() => validateValue(dateSchema(), date))
  assert.equal(dateToDays(date), -2_147_472_692)
})
