import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tagList, tagsOf, tagText } from '../tags.ts'

test('tags are name=value pairs', () => {
  assert.equal(tagList.check('tags', ['zone=a', 'disk.type=ssd-2']), undefined)
  assert.equal(tagList.check('tags', []), undefined)
  assert.deepEqual([...tagsOf(['zone=a', 'disk=ssd'])], [['zone', 'a'], ['disk', 'ssd']]) // prettier-ignore
  assert.equal(tagText(tagsOf(['zone=a', 'disk=ssd'])), 'zone=a,disk=ssd')
})

for (const [what, list] of [
  ['an entry without a value', ['zone']],
  ['an empty value', ['zone=']],
  ['two equal names', ['zone=a', 'zone=b']],
  ['a character that a tag cannot have', ['zone=a b']],
  ['a variable', ['zone=${env:ZONE}']],
] as const) {
  test(`${what} is rejected, with the value found and what is expected`, () => {
    const text = String(tagList.check('headrace.worker.tags', list))
    assert.match(text, /headrace\.worker\.tags/)
    assert.ok(text.includes(list[0]), text)
    assert.match(text, /expected name=value pairs separated by commas/)
  })
}
