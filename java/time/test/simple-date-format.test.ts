import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simpleDateFormat } from '../simple-date-format.ts'

/** Output of SimpleDateFormat in Java 17, in UTC and the locale en_US. */
const written: readonly (readonly [pattern: string, time: number, text: string])[] = [
  ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", 0, '1970-01-01T00:00:00.000+0000'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", 951_782_400_000, '2000-02-29T00:00:00.000+0000'],
  ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", 1_735_603_200_000, '2024-12-31T00:00:00.000+0000'],
  ['yy/M/d h:mm a', 0, '70/1/1 12:00 AM'],
  ['yy/M/d h:mm a', 951_782_400_000, '00/2/29 12:00 AM'],
  ['yy/M/d h:mm a', 1_735_603_200_000, '24/12/31 12:00 AM'],
  ['EEEE, MMMM d, yyyy G', 0, 'Thursday, January 1, 1970 AD'],
  ['EEEE, MMMM d, yyyy G', 951_782_400_000, 'Tuesday, February 29, 2000 AD'],
  ['EEEE, MMMM d, yyyy G', 1_735_603_200_000, 'Tuesday, December 31, 2024 AD'],
  ['EEE MMM dd HH:mm:ss zzz yyyy', 0, 'Thu Jan 01 00:00:00 UTC 1970'],
  ['EEE MMM dd HH:mm:ss zzz yyyy', 951_782_400_000, 'Tue Feb 29 00:00:00 UTC 2000'],
  ['EEE MMM dd HH:mm:ss zzz yyyy', 1_735_603_200_000, 'Tue Dec 31 00:00:00 UTC 2024'],
  ['D w W F u k K', 0, '1 1 1 1 4 24 0'],
  ['D w W F u k K', 951_782_400_000, '60 10 5 5 2 24 0'],
  ['D w W F u k K', 1_735_603_200_000, '366 1 5 5 2 24 0'],
  ['yyyyMMddHHmmssSSS', 0, '19700101000000000'],
  ['yyyyMMddHHmmssSSS', 951_782_400_000, '20000229000000000'],
  ['yyyyMMddHHmmssSSS', 1_735_603_200_000, '20241231000000000'],
  ["YYYY-'W'ww", 0, '1970-W01'],
  ["YYYY-'W'ww", 951_782_400_000, '2000-W10'],
  ["YYYY-'W'ww", 1_735_603_200_000, '2025-W01'],
  ["'o''clock' HH", 0, "o'clock 00"],
  ["'o''clock' HH", 951_782_400_000, "o'clock 00"],
  ["'o''clock' HH", 1_735_603_200_000, "o'clock 00"],
  ['X XX XXX', 0, 'Z Z Z'],
  ['X XX XXX', 951_782_400_000, 'Z Z Z'],
  ['X XX XXX', 1_735_603_200_000, 'Z Z Z'],
  ['y yyy yyyyy MMM LLLL', 0, '1970 1970 01970 Jan January'],
  ['y yyy yyyyy MMM LLLL', 951_782_400_000, '2000 2000 02000 Feb February'],
  ['y yyy yyyyy MMM LLLL', 1_735_603_200_000, '2024 2024 02024 Dec December'],
]

/** Results of parsing in Java 17; undefined if parsing fails. */
const read: readonly (readonly [pattern: string, text: string, time: number | undefined])[] = [
  ['yyyy-MM-dd', '2024-02-30', 1_709_251_200_000],
  ['yyyy-MM-dd', '2024-2-3x', 1_706_918_400_000],
  ['yyyyMMdd', '20240203', 1_706_918_400_000],
  ['yy-MM-dd', '24-02-03', 1_706_918_400_000],
  ['yy-MM-dd', '1924-02-03', -1_448_841_600_000],
  ['HH:mm', '25:61', 93_660_000],
  ['h a', '12 am', 0],
  ['h a', '12 PM', 43_200_000],
  ['dd MMM yyyy', '3 feb 2024', 1_706_918_400_000],
  ['dd MMMM yyyy', '03 February 2024', 1_706_918_400_000],
  ["yyyy-MM-dd'T'HH:mm:ssXXX", '2024-02-03T01:02:03+02:00', 1_706_914_923_000],
  ["yyyy-MM-dd'T'HH:mm:ssX", '2024-02-03T01:02:03Z', 1_706_922_123_000],
  ['yyyy-MM-dd HH:mm:ss Z', '2024-02-03 01:02:03 -0130', 1_706_927_523_000],
  ['yyyy-MM-dd z', '2024-02-03 GMT', 1_706_918_400_000],
  ['yyyy-MM-dd', 'x', undefined],
  ['yyyy-MM-dd', '2024/02/03', undefined],
  ['ss.SSS', '5.5', 5005],
  ['EEE dd', 'Sat 03', 172_800_000],
  ['k', '24', 0],
  ['D yyyy', '60 2024', 1_709_164_800_000],
  ['HHmmss', ' 2019-08-23', 7_269_000],
  ['u', '2019', 5 * 86_400_000],
  ['u', '19', 0],
  ['ssZ', '05 GMT+02:00', 5000],
  ['ss z', '05 GMT+02:00', 5000 - 7_200_000],
  ['ss z', '05 GMT+2', undefined],
]

test('dates are formatted as in Java', () => {
  for (const [pattern, time, text] of written) {
    assert.equal(simpleDateFormat(pattern).format(new Date(time)), text, pattern)
  }
})

test('dates are parsed leniently, as in Java', () => {
  for (const [pattern, text, time] of read) {
    assert.equal(simpleDateFormat(pattern).parse(text)?.getTime(), time, `${pattern} from ${text}`)
  }
})

test('an invalid pattern is rejected with the message of Java', () => {
  for (const [pattern, message] of [
    ['yyyy-b', "Illegal pattern character 'b'"],
    ["yyyy 'x", 'Unterminated quote'],
    ['XXXX', 'invalid ISO 8601 format: length=4'],
  ] as const) {
    assert.throws(() => simpleDateFormat(pattern), { code: 'HR_ILLEGAL_ARGUMENT', message })
  }
})
