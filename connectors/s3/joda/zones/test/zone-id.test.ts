import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../../api/index.ts'
import { zoneFault, zoneForId } from '../zone-id.ts'
import { zoneText } from '../zone-text.ts'

const HOUR = 3_600_000

test('zones have the ID that Joda-Time prints', () => {
  const ids = [
    'UTC',
    'Z',
    'UT',
    'GMT',
    'US/Pacific',
    'Asia/Calcutta',
    '+0200',
    'UTC-08:00',
    '+00:00',
    '-00:30:15.5',
  ]
  assert.deepEqual(
    ids.map((id) => zoneForId(id).id),
    [
      'UTC',
      'UTC',
      'UTC',
      'Etc/GMT',
      'America/Los_Angeles',
      'Asia/Kolkata',
      '+02:00',
      '-08:00',
      'UTC',
      '-00:30:15.500',
    ],
  )
})

test('an alias has the offsets of its zone, and an offset is the same at all times', () => {
  assert.equal(zoneForId('US/Pacific').offsetAt(0), -8 * HOUR)
  assert.equal(zoneForId('+05:45').offsetAt(-8e15), 5.75 * HOUR)
})

test('an unknown zone is refused with the name that was found', () => {
  assert.equal(zoneFault('PST'), "The datetime zone id 'PST' is not recognised")
  assert.equal(zoneFault('europe/berlin'), "The datetime zone id 'europe/berlin' is not recognised")
  assert.equal(zoneFault('+25:00'), 'Invalid format: "+25:00" is malformed at "25:00"')
  assert.equal(zoneFault('Europe/Berlin'), undefined)
  assert.throws(
    () => zoneForId('x'),
    (error) => isConnectError(error) && error.code === 'HR_ILLEGAL_ARGUMENT',
  )
})

test('names of zones are in the language of the locale, with abbreviations of the zone', () => {
  const [winter, summer] = [Date.UTC(2024, 0, 1), Date.UTC(2024, 6, 1)]
  const both = (id: string, locale: string, long: boolean): string[] =>
    [winter, summer].map(zoneText(zoneForId(id), locale, long))
  assert.deepEqual(both('America/Los_Angeles', 'fr', false), ['PST', 'PDT'])
  assert.deepEqual(both('Europe/Berlin', 'de', false), ['MEZ', 'MESZ'])
  assert.deepEqual(both('Europe/Berlin', 'de', true), [
    'Mitteleuropäische Normalzeit',
    'Mitteleuropäische Sommerzeit',
  ])
  assert.deepEqual(both('Etc/GMT+5', 'en', true), ['-05:00', '-05:00'])
  assert.deepEqual(both('+02:00', 'en', false), ['+02:00', '+02:00'])
  assert.equal(zoneText(zoneForId('America/Los_Angeles'), 'en', true)(-1e12), 'Pacific Standard Time')
})
