import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BOOLEAN,
  FLOAT64,
  INT32,
  INT64,
  isConnectError,
  map,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
  timestampSchema,
} from '../../../../api/index.ts'
import { defaultPartitioner, fieldPartitioner } from '../index.ts'
import { recordOf, recordWith } from './records.ts'

const address = struct({ country: STRING, zip: OPTIONAL_STRING }, { optional: true })
const order = struct({
  id: INT64,
  paid: BOOLEAN,
  state: primitive('string', { optional: true, defaultValue: 'new' }),
  address,
  total: FLOAT64,
  at: timestampSchema(),
  tags: map(STRING, INT32),
})
const value = {
  id: 9_007_199_254_740_993n,
  paid: true,
  state: null,
  address: { country: 'de', zip: null },
  total: 1.5,
  at: new Date(0),
  tags: new Map([['a', 1]]),
}

const directory = (fields: readonly string[], record = recordOf(order, value)): string =>
  fieldPartitioner({ fields, delim: '/' }).directoryOf(record, 0)

test('the default partitioner writes the number of the partition', () => {
  const partitioner = defaultPartitioner()
  assert.equal(partitioner.directoryOf(recordWith({ partition: 12 }), 0), 'partition=12')
  assert.equal(partitioner.timeOf, undefined)
})

test('fields are written in order, separated by the delimiter', () => {
  assert.equal(directory(['paid', 'id']), 'paid=true/id=9007199254740993')
  assert.equal(
    fieldPartitioner({ fields: ['paid', 'paid'], delim: '|' }).directoryOf(recordOf(order, value), 0),
    'paid=true|paid=true',
  )
})

test('nested fields keep their path as the name', () => {
  assert.equal(directory(['address.country']), 'address.country=de')
})

test('null has the default of the field, else it is written as null, also below a struct that is null', () => {
  assert.equal(directory(['state', 'address.zip']), 'state=new/address.zip=null')
  assert.equal(
    directory(['address.country'], recordOf(order, { ...value, address: null })),
    'address.country=null',
  )
})

test('values are written as they are, with delimiters and equals signs', () => {
  const record = recordOf(struct({ a: STRING }), { a: 'x/y=z ü' })
  assert.equal(directory(['a'], record), 'a=x/y=z ü')
})

test('a field that does not exist is refused by name', () => {
  for (const name of ['missing', 'address.missing', 'missing.id', 'toString']) {
    assert.throws(
      () => directory([name]),
      (error) =>
        isConnectError(error) &&
        error.code === 'HR_DATA_INVALID' &&
        error.message === `Field '${name}' is not present in the schema.`,
    )
  }
  assert.throws(() => directory(['tags.a']), /Unable to get field 'tags.a' from schema Schema\{STRUCT\}/)
})

test('other types, and values that are not structs, are PartitionExceptions', () => {
  const refused = [
    () => directory(['total']),
    () => directory(['at']),
    () => directory(['address']),
    () => directory(['a'], recordOf(null, { a: 1 })),
    () => directory(['a'], recordOf(STRING, 'text')),
    () => directory(['a'], recordOf(order, null)),
  ]
  for (const run of refused) {
    assert.throws(
      run,
      (error) =>
        isConnectError(error) &&
        error.javaClass === 'io.confluent.connect.storage.errors.PartitionException' &&
        error.message.startsWith('Error encoding partition.') &&
        !error.message.includes('text'),
    )
  }
})

test('records with alternating schemas have the directories of their own schema', () => {
  const [one, two] = [struct({ a: INT32 }), struct({ b: INT32, a: STRING })]
  const partitioner = fieldPartitioner({ fields: ['a'], delim: '/' })
  for (let i = 0; i < 3; i++) {
    assert.equal(partitioner.directoryOf(recordOf(one, { a: i }), 0), `a=${i}`)
    assert.equal(partitioner.directoryOf(recordOf(two, { a: `x${i}`, b: 0 }), 0), `a=x${i}`)
  }
})
