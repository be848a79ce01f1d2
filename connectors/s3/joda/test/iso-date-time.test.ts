import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../api/index.ts'
import { parseIsoDateTime } from '../iso-date-time.ts'
import { zoneForId } from '../zones/zone-id.ts'

const utc = zoneForId('UTC')
const newYork = zoneForId('America/New_York')
const parsed = (text: string, zone = utc): string =>
  new Date(Number(parseIsoDateTime(text, zone))).toISOString()

test('the usual form and its variants are the same time', () => {
  const variants = [
    '2015-04-02T08:00:00.500Z',
    '2015-04-02T01:00:00,5-07:00',
    '2015-04-02t08:00:00.500999z',
    '2015-092T08:00:00.5Z',
    '2015-W14-4T08:00:00.5Z',
    '2015-4-2T8:0:0.5+00',
    '2015-04-02T09:00:00.5+0100',
  ]
  for (const text of variants) assert.equal(parsed(text), '2015-04-02T08:00:00.500Z', text)
})

test('parts that are left out are the first of their unit', () => {
  assert.equal(parsed('2015'), '2015-01-01T00:00:00.000Z')
  assert.equal(parsed('2015-04'), '2015-04-01T00:00:00.000Z')
  assert.equal(parsed('2015-W14'), '2015-03-30T00:00:00.000Z')
  assert.equal(parsed('T10:30'), '1970-01-01T10:30:00.000Z')
  assert.equal(parsed('2015-04-02T+02:00'), '2015-04-01T22:00:00.000Z')
  assert.equal(parsed('2015-04-02T08.25Z'), '2015-04-02T08:15:00.000Z')
})

test('a text without an offset is a time in the zone, which may leave it out', () => {
  assert.equal(parsed('2024-07-01T12:00:00', newYork), '2024-07-01T16:00:00.000Z')
  assert.equal(parsed('2024-11-03T01:30:00', newYork), '2024-11-03T05:30:00.000Z')
  assert.throws(
    () => parsed('2024-03-10T02:30:00', newYork),
    /Illegal instant due to time zone offset transition/,
  )
})

test('years beyond those of a JavaScript date are exact', () => {
  assert.equal(parseIsoDateTime('292278993-12-31T00:00Z', utc), 9_223_372_017_043_200_000n)
  assert.equal(parseIsoDateTime('292278993-12-31T00:00', newYork), 9_223_372_017_061_200_000n)
})

test('faults are reported at their place', () => {
  const cases = [
    ['def', 'Invalid format: "def"'],
    ['', 'Invalid format: ""'],
    ['2015-04-02 08:00', 'Invalid format: "2015-04-02 08:00" is malformed at " 08:00"'],
    ['2015-04-02T08:', 'Invalid format: "2015-04-02T08:" is malformed at ":"'],
    ['2015-02-29', 'Cannot parse "2015-02-29": Value 29 for dayOfMonth must be in the range [1,28]'],
    [
      '2015-04-02T24:00Z',
      'Cannot parse "2015-04-02T24:00Z": Value 24 for hourOfDay must be in the range [0,23]',
    ],
  ] as const
  for (const [text, message] of cases) {
    assert.throws(
      () => parsed(text),
      (error) => isConnectError(error) && error.code === 'HR_DATA_INVALID' && error.message === message,
      text,
    )
  }
})

test('the fast reader of the usual form agrees with the full parser', () => {
  const times = [
    '00:00:00',
    '23:59:59.9',
    '12:34:56,78',
    '01:02:03.123456789',
    '01:02:03.1234567890',
    '24:00:00',
    '12:60:00',
  ]
  const dates = ['2015-04-02', '1969-12-28', '0001-01-01', '2015-00-10', '2015-13-10', '2015-02-00']
  const offsets = ['Z', '+05:30', '-23:59', '+24:00', '', '+0530', 'Zx']
  const result = (text: string): unknown => {
    try {
      return parseIsoDateTime(text, utc)
    } catch (error) {
      return isConnectError(error) && error.message.toUpperCase()
    }
  }
  for (const date of dates) {
    for (const time of times) {
      // The fast reader does not know the letter in lower case
      for (const end of offsets)
        assert.equal(result(`${date}T${time}${end}`), result(`${date}t${time}${end}`))
    }
  }
})
