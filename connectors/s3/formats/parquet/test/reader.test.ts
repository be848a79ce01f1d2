import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { ConnectError, INT32, isConnectError, STRING, struct, type Schema } from '../../../../../api/index.ts'
import { parquetFormatWith } from '../format.ts'
import { parquetReaderWith } from '../reader.ts'
import { everything, everythingJson, valueOf } from './everything.ts'
import { fileOf, memoryObject, readAll } from './memory-object.ts'

const format = parquetFormatWith({ codec: 'snappy', avroSchemaOf: () => everythingJson })
const reader = parquetReaderWith({ connectSchemaOf: () => everything })
const ROWS = 60

/** A file with three row groups of 20. */
let file: Buffer
before(async () => {
  const parts: Buffer[] = []
  const encoder = format.open(everything, (bytes) => parts.push(bytes))
  for (let n = 0; n < ROWS; n++) {
    encoder.write(valueOf(n), everything)
    if (n % 20 === 19) await encoder.release()
  }
  await encoder.end()
  file = Buffer.concat(parts)
})

const invalid = (pattern: RegExp) => (error: unknown) =>
  isConnectError(error) && error.code === 'HR_DATA_INVALID' && pattern.test(error.message)

test('values are skipped, across row groups and inside of one', async () => {
  for (const skip of [0, 1, 19, 20, 35, 59, 60, 100]) {
    const found = await readAll(reader, memoryObject(file), skip)
    const expected = Array.from({ length: ROWS }, (_, n) => valueOf(n)).slice(skip)
    assert.deepEqual(
      found.map(({ value }) => value),
      expected,
    )
  }
})

test('row groups that are skipped are not read', async () => {
  const object = memoryObject(file)
  await readAll(reader, object, 45)
  const [footer, ...others] = object.ranges
  assert.equal(footer?.[1], file.length)
  assert.equal(others.length, 1)
})

test('a schema in the footer that does not fit the columns is ignored', async () => {
  const other = struct({ text: STRING })
  const failing = () => {
    throw new ConnectError('HR_DATA_INVALID', 'unknown type')
  }
  for (const connectSchemaOf of [() => other, failing] as readonly (() => Schema)[]) {
    const [first] = await readAll(parquetReaderWith({ connectSchemaOf }), memoryObject(file))
    assert.equal(first?.schema?.field('small')?.schema, INT32)
    assert.deepEqual((first as { value: Record<string, unknown> }).value['byNumber'], [])
  }
})

test('what is not a Parquet file is refused, with the key of the object', async () => {
  const refused = (bytes: Buffer, pattern: RegExp) =>
    assert.rejects(readAll(reader, memoryObject(bytes, 'some/key')), invalid(pattern))
  await refused(Buffer.alloc(0), /"some\/key" cannot be read as Parquet: it has only 0 bytes/)
  await refused(Buffer.from('{"a":1}\n'.repeat(10)), /does not end with PAR1/)
  await refused(Buffer.concat([file.subarray(0, -4), Buffer.from('PARE')]), /encrypted/)
  await refused(file.subarray(0, file.length - 1), /does not end with PAR1/)
  const long = Buffer.from(file)
  long.writeUInt32LE(file.length, file.length - 8)
  await refused(long, /footer has \d+ bytes/)
  await refused(Buffer.concat([file.subarray(0, 4), file.subarray(-20)]), /footer/)
})

test('values before a fault are read', async () => {
  const object = memoryObject(file)
  await readAll(reader, object)
  const lastGroup = object.ranges[3] as readonly [number, number]
  const broken = Buffer.from(file)
  broken.fill(0xff, lastGroup[0], lastGroup[1])
  let read = 0
  await assert.rejects(
    async () => {
      for await (const batch of reader.read(memoryObject(broken), 0, new AbortController().signal))
        read += batch.length
    },
    invalid(/cannot be read as Parquet/),
  )
  assert.equal(read, 40)
})

test('a file with any byte changed is read or refused, and never ends in another way', async () => {
  const small = await fileOf(
    parquetFormatWith({ codec: 'none', avroSchemaOf: () => everythingJson }),
    everything,
    Array.from({ length: 8 }, (_, n) => valueOf(n)),
  )
  for (let at = 0; at < small.length; at += 3) {
    const broken = Buffer.from(small)
    broken[at] = (broken[at] as number) ^ (1 << (at % 8))
    await readAll(reader, memoryObject(broken)).catch((error: unknown) =>
      assert.ok(invalid(/./)(error), String(error)),
    )
  }
})

test('an error of the storage is passed on as it is', async () => {
  const away = new ConnectError('HR_RETRIABLE', 'the storage is away')
  const object = { ...memoryObject(file), range: () => Promise.reject(away) }
  await assert.rejects(readAll(reader, object), away)
  const aborted = new DOMException('stopped', 'AbortError')
  await assert.rejects(readAll(reader, { ...object, range: () => Promise.reject(aborted) }), aborted)
})
