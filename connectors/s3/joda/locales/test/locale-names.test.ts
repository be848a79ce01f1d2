import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageOf, localeNames } from '../locale-names.ts'

test('a language has its names', () => {
  const { months, shortMonths, days, halves, eras } = localeNames('de')
  assert.deepEqual([months[2], shortMonths[2], days[0]], ['März', 'März', 'Montag'])
  assert.deepEqual(
    [halves, eras],
    [
      ['AM', 'PM'],
      ['v. Chr.', 'n. Chr.'],
    ],
  )
  assert.equal(localeNames('RU').months[0], 'января')
})

test('languages that write months as numbers within a date have names too', () => {
  assert.equal(localeNames('ja').months[11], '12月')
  assert.equal(localeNames('zh').months[11], '十二月')
})

test('a locale with a country is a language that Java does not know, whose names are abbreviations', () => {
  for (const locale of ['en-US', 'en_US', 'fr-FR', 'xx', 'Klingon', 'C']) {
    const { months, days, eras } = localeNames(locale)
    assert.deepEqual([months[0], days[6], eras[1]], ['Jan', 'Sun', 'CE'], locale)
  }
})

test('older codes of languages are known, and languages that Java lacks are not', () => {
  assert.equal(languageOf('iw'), 'he')
  assert.equal(languageOf('nds'), undefined)
  assert.equal(languageOf('cmn'), undefined)
})
