import { strict as assert } from 'node:assert'
import { test } from 'node:test'

import { intervalReader } from '../interval-reader.ts'

function read(mode: 'numeric' | 'string', text: string): unknown {
  const bytes = Buffer.from(`1${text}2`)
  return intervalReader(mode).read(bytes, 1, bytes.length - 1)
}

const cases = [
  ['1 year 2 mons 3 days 04:05:06.78', 37_091_106_780_000, 'P1Y2M3DT4H5M6.78S'],
  ['-1 years -2 mons -3 days -04:05:06.789', -37_091_106_789_000, 'P-1Y-2M-3DT-4H-5M-6.789S'],
  ['1 mon -1 days +00:00:00.000001', 2_543_400_000_001, 'P0Y1M-1DT0H0M0.000001S'],
  ['3 years 4 mons', 105_192_000_000_000, 'P3Y4M0DT0H0M0S'],
  ['-1 mons', -2_629_800_000_000, 'P0Y-1M0DT0H0M0S'],
  ['-2 years +3 days', -62_856_000_000_000, 'P-2Y0M3DT0H0M0S'],
  ['00:00:05.68', 5_680_000, 'P0Y0M0DT0H0M5.68S'],
  ['-00:00:00.01', -10_000, 'P0Y0M0DT0H0M-0.01S'],
  ['-00:00:00.000001', -1, 'P0Y0M0DT0H0M-0.000001S'],
  ['00:00:00', 0, 'P0Y0M0DT0H0M0S'],
  ['25:00:00', 90_000_000_000, 'P0Y0M0DT25H0M0S'],
  ['277:46:40', 1_000_000_000_000, 'P0Y0M0DT277H46M40S'],
  ['178000000 years', 9_223_372_036_854_775_807n, 'P178000000Y0M0DT0H0M0S'],
  ['-178000000 years', -9_223_372_036_854_775_808n, 'P-178000000Y0M0DT0H0M0S'],
  ['1000 years', 31_557_600_000_000_000n, 'P1000Y0M0DT0H0M0S'],
  ['1 day', 86_400_000_000, 'P0Y0M1DT0H0M0S'],
  ['infinity', 9_223_372_036_854_775_807n, 'infinity'],
  ['-infinity', -9_223_372_036_854_775_808n, '-infinity'],
] as const

test('numeric: microseconds of average months, limited to 64 bits', () => {
  for (const [text, micros] of cases) assert.equal(read('numeric', text), micros, text)
})

test('string: all parts, each with its sign', () => {
  for (const [text, , iso] of cases) assert.equal(read('string', text), iso, text)
})

test('texts that are no intervals are refused', () => {
  for (const text of [
    '1',
    '1 ',
    '1 week',
    'day',
    '1:2',
    '01:02:',
    '01:02:03.x',
    '01:02:03x',
    '@ 1 day ago',
    '',
  ]) {
    assert.throws(() => read('numeric', text), /expected an interval/, text)
  }
})
