import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../api/index.ts'
import { calendarFields } from '../calendar.ts'
import { compilePattern } from '../pattern.ts'
import { zoneForId } from '../zones/zone-id.ts'

function printed(pattern: string, time: number, id = 'UTC'): string {
  const zone = zoneForId(id)
  const offset = zone.offsetAt(time)
  return compilePattern(
    pattern,
    zone,
    'en',
  )({ fields: calendarFields(time + offset, 0), offset, instant: time })
}

const time = Date.UTC(2015, 3, 2, 20, 5, 9, 40)

test('a run of a letter is a field with at least as many digits', () => {
  assert.equal(printed('y-M-d-H-m-s', time), '2015-4-2-20-5-9')
  assert.equal(printed('yyyyyy-MM-ddd-HHH', time), '002015-04-002-020')
  assert.equal(printed('h/K/k D e w', Date.UTC(2024, 0, 1)), '12/0/24 1 1 1')
})

test('two digits of a year are its last ones; YYYY is the year of the era and not of the week', () => {
  assert.equal(printed('yy YY xx', Date.UTC(2024, 11, 30)), '24 24 25')
  assert.equal(printed('YYYY y G C', -62_167_219_200_001), '0002 -1 BC 0')
  assert.equal(printed('YYYY/xxxx', Date.UTC(2024, 11, 30)), '2024/2025')
})

test('three letters are a short name, four a long one', () => {
  assert.equal(printed('E EEE EEEE MMM MMMM a', time), 'Thu Thu Thursday Apr April PM')
})

test('a fraction is cut and not rounded, and has at most 15 digits', () => {
  assert.equal(printed('S SS SSS SSSS', Date.UTC(2024, 0, 1, 0, 0, 0, 59)), '0 05 059 0590')
  assert.equal(printed('S'.repeat(18), 59), '059'.padEnd(15, '0'))
  assert.equal(printed('S'.repeat(18), 0), '0'.repeat(18))
})

test('letters in quotes are text, two quotes are a quote, and a quote may stay open', () => {
  assert.equal(printed("'year'=yyyy/'o''clock'=HH ''", time), "year=2015/o'clock=20 '")
  assert.equal(printed("yyyy'T", time), '2015T')
  assert.equal(printed('yyyy年MM月', time), '2015年04月')
})

test('a zone is printed as an offset without seconds, an ID or a name', () => {
  assert.equal(
    printed('Z ZZ ZZZ ZZZZ', time, 'America/St_Johns'),
    '-0230 -02:30 America/St_Johns America/St_Johns',
  )
  assert.equal(printed('ZZ z', -5e12, 'America/Los_Angeles'), '-07:52 PST')
})

test('a letter without a meaning is refused by name', () => {
  assert.throws(
    () => printed("year='YYYY'", time),
    (error) => isConnectError(error) && error.message === 'Illegal pattern component: r',
  )
  assert.throws(() => printed('', time), /Invalid pattern specification/)
})
