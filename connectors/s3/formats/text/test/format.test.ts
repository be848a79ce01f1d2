import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING } from '../../../../../api/index.ts'
import { uncompressed } from '../../compression/index.ts'
import { textOfObject } from '../../test/encode-object.ts'
import { textFormat } from '../index.ts'

test('each string is a line, and anything else is refused', async () => {
  const format = textFormat(uncompressed)
  assert.equal(format.extension, '.txt')
  assert.equal(await textOfObject(format, [['a', STRING], [''], ['ü "x"']]), 'a\n\nü "x"\n')
  const encoder = format.open(STRING, () => {})
  for (const value of [null, 1, Buffer.from('a')]) {
    assert.throws(() => encoder.write(value, null), { code: 'HR_DATA_INVALID' })
  }
})
