import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BlockWriter } from '../block-writer.ts'

function writer() {
  const blocks: Buffer[] = []
  return { blocks, writer: new BlockWriter((bytes) => blocks.push(bytes)) }
}

test('text and bytes come out in the order in which they came in, in blocks of growing size', () => {
  const { blocks, writer: to } = writer()
  let expected = ''
  for (let index = 0; index < 60_000; index++) {
    const line = `zeile ${index} ü€😀\n`
    expected += line
    if (index % 3 === 0) to.addBytes(Buffer.from(line))
    else to.addText(line)
  }
  to.flush()
  assert.ok(Buffer.concat(blocks).equals(Buffer.from(expected)))
  assert.ok(blocks.length < 20, `${blocks.length} blocks`)
  assert.ok(blocks.every(({ length }) => length <= 128 * 1024))
})

test('values larger than a block pass without being held', () => {
  const { blocks, writer: to } = writer()
  const large = 'x'.repeat(300_000)
  to.addText('a')
  to.addText(large)
  to.addText('b')
  to.addBytes(Buffer.from(large))
  assert.equal(to.heldBytes, 0)
  assert.equal(Buffer.concat(blocks).toString(), `a${large}b${large}`)
})

test('flush passes everything, in a buffer of its size, and may be repeated', () => {
  const { blocks, writer: to } = writer()
  const source = Buffer.from('abc')
  to.addBytes(source)
  source.fill(0)
  assert.ok(to.heldBytes > 0)
  to.flush()
  to.flush()
  assert.equal(to.heldBytes, 0)
  assert.deepEqual(blocks.map(String), ['abc'])
})
