import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING } from '../../../../../api/index.ts'
import { uncompressed } from '../../compression/index.ts'
import { objectOf, readObject, valuesOf } from '../../test/read-object.ts'
import { textReader } from '../index.ts'

test('lines end with a line feed, with or without a carriage return, and may be empty', async () => {
  const text = 'a ü\r\n\nb\rc\n€'
  for (let size = 1; size < 6; size++) {
    const { read, error } = await readObject(textReader(uncompressed, 100), objectOf(Buffer.from(text), size))
    assert.equal(error, undefined)
    assert.deepEqual(
      read,
      ['a ü', '', 'b\rc', '€'].map((value) => ({ schema: STRING, value })),
    )
  }
  assert.deepEqual(await valuesOf(textReader(uncompressed, 100), objectOf(Buffer.from(text), 100), 3), ['€'])
})
