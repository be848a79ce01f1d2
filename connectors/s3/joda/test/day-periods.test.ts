import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOfPeriod } from '../day-periods.ts'
import { zoneForId } from '../zones/zone-id.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Returns the end of the period that contains a time, as a local time of UTC. */
const end = (id: string, time: string, periodMs: number): string =>
  new Date(endOfPeriod(zoneForId(id), Date.parse(time), periodMs)).toISOString().slice(0, 19)

test('periods start at midnight in the zone', () => {
  assert.equal(end('UTC', '2024-05-01T10:20:00Z', HOUR), '2024-05-01T11:00:00')
  assert.equal(end('UTC', '2024-05-01T11:00:00Z', HOUR), '2024-05-01T12:00:00')
  assert.equal(end('Asia/Kolkata', '2024-05-01T10:20:00Z', 12 * HOUR), '2024-05-01T18:30:00')
})

test('the last period of a day ends with it', () => {
  assert.equal(end('UTC', '2024-05-01T21:00:00Z', 7 * HOUR), '2024-05-02T00:00:00')
  assert.equal(end('UTC', '2024-05-01T21:00:00Z', 3 * DAY), '2024-05-02T00:00:00')
})

test('days have 23 or 25 hours when the clock changes', () => {
  const zone = 'America/Los_Angeles'
  assert.equal(end(zone, '2024-03-10T09:00:00Z', DAY), '2024-03-11T07:00:00')
  assert.equal(
    end(zone, '2024-11-03T09:00:00Z', DAY),
    '2024-11-04T07:00:00',
    'a period ends before the long day',
  )
  assert.equal(end(zone, '2024-11-04T07:30:00Z', DAY), '2024-11-04T08:00:00')
  assert.equal(end(zone, '2024-03-10T10:30:00Z', 2 * HOUR), '2024-03-10T12:00:00')
})

test('a day may start after midnight, or have midnight twice', () => {
  assert.equal(end('America/Sao_Paulo', '2017-10-15T12:00:00Z', HOUR), '2017-10-15T13:00:00')
  assert.equal(end('America/Sao_Paulo', '2017-10-15T02:59:00Z', DAY), '2017-10-15T03:00:00')
  assert.equal(end('America/Havana', '2024-11-03T05:30:00Z', 2 * HOUR), '2024-11-03T06:00:00')
})
