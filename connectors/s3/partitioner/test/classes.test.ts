import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  extractorKind,
  partitionerClassFault,
  partitionerKind,
  partitionFieldFault,
  timestampExtractorFault,
} from '../index.ts'

const prefix = 'io.confluent.connect.storage.partitioner.'

test("Confluent's classes are known by their full names", () => {
  assert.equal(partitionerKind(`${prefix}HourlyPartitioner`), 'hourly')
  assert.equal(partitionerClassFault(`${prefix}FieldPartitioner`), undefined)
  assert.equal(partitionerKind('toString'), undefined)
})

test('another class is refused by name, with what to use instead', () => {
  assert.match(
    partitionerClassFault('com.example.MyPartitioner') ?? '',
    /^Class com\.example\.MyPartitioner could not be found: .*DefaultPartitioner, FieldPartitioner.*transform/,
  )
  assert.equal(
    partitionerClassFault('DailyPartitioner'),
    `Class DailyPartitioner could not be found. Use ${prefix}DailyPartitioner`,
  )
})

test('extractors are known by short and full names', () => {
  assert.equal(extractorKind('RecordField'), 'field')
  assert.equal(extractorKind(`${prefix}TimeBasedPartitioner$WallclockTimestampExtractor`), 'wallclock')
  assert.match(
    timestampExtractorFault('com.example.Mine') ?? '',
    /^Invalid timestamp extractor: com\.example\.Mine.*RecordField/,
  )
  assert.equal(timestampExtractorFault('Record'), undefined)
})

test('names of fields may not be empty, or have an empty part', () => {
  assert.equal(partitionFieldFault('a.b'), undefined)
  assert.equal(partitionFieldFault('a.'), undefined)
  assert.equal(partitionFieldFault(' '), 'Field name cannot be null or empty')
  for (const name of ['a..b', '.a', 'a. .b']) {
    assert.equal(
      partitionFieldFault(name),
      'Field name cannot contain an empty or whitespace-only path segment',
    )
  }
})
