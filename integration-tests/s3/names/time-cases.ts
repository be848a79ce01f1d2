import type { Case, Time } from './cases.ts'

const utc = (...args: [number, number, number?, number?, number?, number?, number?]): number =>
  Date.UTC(...args)

/** Times around the changes of an hour, a day, a week, a year, a calendar and the range of numbers. */
const edges: readonly Time[] = [
  0,
  1,
  -1,
  -3_600_001,
  -86_400_001,
  utc(2015, 3, 2, 8, 0, 0, 5),
  utc(2023, 10, 14, 22, 13, 20, 250),
  utc(2024, 1, 29, 23, 59, 59, 999),
  utc(2023, 11, 31, 23, 59, 59, 999),
  utc(2024, 11, 30, 12, 0, 0, 40),
  utc(2021, 0, 3, 13, 1),
  utc(2020, 11, 31, 0, 30),
  utc(1969, 6, 20, 20, 17, 40),
  utc(1899, 11, 31, 23, 0, 59, 999),
  utc(1582, 9, 10),
  -62_167_219_200_001,
  -99_999_999_999_999,
  utc(9999, 11, 31, 23, 59),
  utc(12_345, 5, 6, 7, 8, 9, 10),
  8_640_000_000_000_001,
  '1700000000000000000',
  '-1700000000000000001',
]

const few = edges.slice(0, 12)

const letters = 'G C x w e E Y D y M d a K h H k m s S z Z'.split(' ')
const unusual = [
  "''",
  "'o''clock' HH",
  "''yyyy''",
  "'open yyyy",
  'YYYY年MM月',
  'yyyy-MM-dd HH:mm:ss.SSS ZZ',
  'dd.MM.yy',
]
const wide = [
  'SSSS',
  'SSSSSSSSSSSSSSS',
  'SSSSSSSSSSSSSSSSSS',
  'SSSSSSSSSSSSSSSSSSSS',
  'dddd',
  'eee',
  'CCCC',
  'YYYYYYYY',
]
const common = [
  "'year'=YYYY/'month'=MM/'day'=dd/'hour'=HH",
  "'dt'=yyyy-MM-dd/'hr'=HH/",
  "'year'=yyyy/'week'=ww/'dow'=E",
  "'y'=xxxx/'w'=w/'d'=e/'doy'=DDD",
  'YYYY/MMM/dd/hh-a',
  "'ts'=yyyyMMdd'T'HHmmssZ",
]
const illegal = ["year='YYYY'/month='MM'", 'YYYY/uu', 'b', 'YYYY-r', "''q", 'i', "'ok'T", '/', ' ', '', '//']

const zones = [
  'UTC',
  'America/Los_Angeles',
  'America/New_York',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Caracas',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Moscow',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Asia/Tehran',
  'Asia/Gaza',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Antarctica/Troll',
  'US/Pacific',
  'EST5EDT',
  'EST',
  'Etc/GMT+5',
  '+02:00',
  '-08:00',
  '+05:45',
  '-00:30:15',
  'GMT',
  'UTC+03',
]
const unknownZones = [
  'PST',
  'CTT',
  'Mars/Olympus',
  'america/new_york',
  '+25:00',
  '+2',
  '+02:60',
  '+02:00x',
  'GMT+1',
  'UT-0130',
  'Z',
  'UT',
  'UCT',
  '02:00',
  '+',
  'UTC+',
  'UTC+3',
  ' UTC',
]

const locales =
  'en de fr es it pt nl pl ru ja zh ko ar he th tr da sv fi cs sk bg lt hi EN en-US fr-FR en_GB xx und'.split(
    ' ',
  )

/** Every half hour around midnight and the changes of the offset in a year. */
function aroundChanges(year: number): number[] {
  const days = [
    [2, 10],
    [2, 31],
    [9, 27],
    [10, 3],
  ] as const
  return days.flatMap(([month, day]) =>
    Array.from({ length: 20 }, (_, i) => utc(year, month, day, 0) + i * 5_400_000 - 1),
  )
}

export function timeCases(): readonly Case[] {
  const byLetter = letters.flatMap((letter) => [1, 2, 3, 4, 5].map((width) => letter.repeat(width)))
  const hour = 3_600_000
  const durations = [1, 1000, 7 * 60_000, hour, 5 * hour, 24 * hour, 7 * 24 * hour, 31 * 24 * hour]
  return [
    ...[...byLetter, ...unusual, ...wide].map((pathFormat): Case => {
      return { kind: 'time', pathFormat, durationMs: 1, zone: 'America/New_York', times: edges }
    }),
    ...common.flatMap((pathFormat) =>
      ['UTC', 'America/Los_Angeles', 'Asia/Kolkata', '-08:00'].map((zone): Case => {
        return { kind: 'time', pathFormat, zone, times: edges }
      }),
    ),
    ...illegal.map((pathFormat): Case => ({ kind: 'time', pathFormat, times: [0] })),
    ...locales.map((locale): Case => {
      const times = Array.from({ length: 12 }, (_, month) => utc(2024, month, 3 + month, 2 * month))
      return {
        kind: 'time',
        pathFormat: 'MMMM MMM EEEE EEE a G',
        locale,
        durationMs: 1,
        times: [...times, -1e14],
      }
    }),
    ...durations.flatMap((durationMs) =>
      ['UTC', 'America/Los_Angeles', 'Asia/Kathmandu', 'Australia/Lord_Howe'].map((zone): Case => {
        const pathFormat = 'yyyy-MM-dd HH:mm:ss.SSSZ'
        return {
          kind: 'time',
          pathFormat,
          durationMs,
          zone,
          times: [...few, ...aroundChanges(2024).filter((_, i) => i % 4 === 0)],
        }
      }),
    ),
    ...zones.map((zone): Case => {
      return {
        kind: 'time',
        pathFormat: 'yyyy-MM-dd HH:mm ZZ z ZZZ',
        zone,
        // Whether 1970 was standard time in these zones is disputed
        times: [
          ...(zone === 'Europe/Dublin' || zone === 'Africa/Casablanca' ? [] : few),
          ...aroundChanges(2019).filter((_, i) => i % 3 === 0),
        ],
      }
    }),
    ...(['daily', 'hourly'] as const).flatMap((partitioner) =>
      ['/', '_', '=', '', 'T', "'"].map((delim): Case => {
        return { kind: 'time', partitioner, delim, zone: 'America/Los_Angeles', locale: 'en_US', times: few }
      }),
    ),
    { kind: 'time', pathFormat: 'YYYY__', delim: '__', times: [0] },
    { kind: 'time', pathFormat: 'YYYY//', delim: '/', times: [0] },
    { kind: 'time', locale: ' ', times: [0] },
    { kind: 'time', zone: ' ', times: [0] },
    { kind: 'time', durationMs: -1, times: [0] },
    { kind: 'zone', ids: [...zones, ...unknownZones] },
    ...zones.map((zone): Case => ({ kind: 'offset', zone, times: offsetTimes() })),
    ...scheduleCases(),
    ...isoCases(),
  ]
}

function offsetTimes(): number[] {
  return Array.from({ length: 60 }, (_, i) => utc(1880 + i * 3, (i * 7) % 12, 1 + ((i * 11) % 28), i % 24))
}

function scheduleCases(): Case[] {
  const hour = 3_600_000
  const places = [
    'UTC',
    'America/Los_Angeles',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Australia/Lord_Howe',
    'Asia/Beirut',
    '+05:30',
  ]
  return places.flatMap((zone) =>
    [60_000, hour, 5 * hour, 7 * hour, 24 * hour, 36 * hour].map((periodMs): Case => {
      const years = zone === 'America/Sao_Paulo' ? [2017, 1985] : [2024]
      const times = years.flatMap((year) => [
        ...aroundChanges(year),
        utc(year, 9, 15, 3),
        utc(year, 10, 5, 4),
        utc(year, 1, 19, 3),
      ])
      return {
        kind: 'schedule',
        zone,
        periodMs,
        times: [...times.filter((_, i) => i % 3 === 0), 0, -1, utc(1900, 0, 1, 5, 1)],
      }
    }),
  )
}

const isoTexts = [
  '2015-04-02T01:00:00.000-07:00',
  '2015-04-02T08:00:00Z',
  '2015-04-02t08:00:00z',
  '2015-04-02T08:00:00.123456789Z',
  '2015-04-02T08:00:00,5+0530',
  '2015-04-02T08:00:00.1234567890Z',
  '2015-04-02T08:00:00+05',
  '2015-04-02T08:00:00+05:3',
  '2015-04-02T08:00:00+24:00',
  '2015-04-02T08:00:00+01:02:03.004',
  '2015-04-02T08:00:00+010203004',
  '2015-04-02T08:00:00+01:02:03,4',
  '2015-04-02T08:00:60Z',
  '2015-04-02T08:60Z',
  '2015-04-02T24:00Z',
  '2015-04-02T8:5:3Z',
  '2015-04-02T08.5Z',
  '2015-04-02T08:30.25Z',
  '2015-04-02T08:30.Z',
  '2015-04-02T08:',
  '2015-04-02T',
  '2015-04-02TZ',
  '2015-04-02T+02:00',
  '2015-04-02',
  '2015-04',
  '2015-4-2',
  '2015',
  '15',
  '2015-02-30T00:00:00Z',
  '2016-02-29',
  '2015-02-29',
  '2015-13-01',
  '2015-00-01',
  '2015-01-00',
  '2015-366',
  '2016-366',
  '2015-000',
  '2015-123',
  '2015-123T10Z',
  '2015-W01',
  '2015-w53-7',
  '2016-W53-1',
  '2015-W00-1',
  '2015-W10-0',
  '2015-W10-8',
  '2015-W10-3T12:34:56.7Z',
  '2015-W1',
  'T10:00',
  'T10',
  'T10:00:00.5+01:00',
  '10:00',
  '-0001-01-01T00:00:00Z',
  '+2015-01-01T00:00Z',
  '-2015-01-01',
  '+12345-01-01T00:00Z',
  '999999999-01-01',
  '292278993-12-31T00:00Z',
  '292278994-01-01',
  '1234567890123',
  '-1',
  '0',
  '00012',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '12345678901234567890',
  '+5',
  '--5',
  '1.5',
  '1e3',
  '',
  ' ',
  ' 2015',
  '2015 ',
  'def',
  'null',
  '2015-04-02 08:00:00',
  '2015-04-02T08:00:00 Z',
  '2015-04-02T08:00:00[UTC]',
  '2015/04/02',
  '20150402',
  '20150402T080000Z',
  '2015-04-02T080000Z',
  '2024-03-10T02:30:00',
  '2024-03-10T03:00:00',
  '2024-11-03T01:30:00',
  '2024-11-03T01:30:00-08:00',
  '1883-11-18T12:03:00',
  '٢٠١٥-٠١-٠١',
  'Thu, 02 Apr 2015 08:00:00 GMT, and some more text that is longer than the sample',
  '2015-04-02T08:00:00Z and some more text that is much longer than the sample of the message',
]

function isoCases(): Case[] {
  return ['UTC', 'America/Los_Angeles', 'Europe/Berlin', 'America/Sao_Paulo'].map((defaultZone) => {
    return { kind: 'iso', defaultZone, texts: isoTexts }
  })
}
