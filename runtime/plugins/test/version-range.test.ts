import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionRequirement } from '../version-range.ts'

for (const [text, version, expected] of [
  ['4.3.1', '4.3.1', true],
  ['4.3.1', '4.3.1.0', true],
  ['4.3', '4.3.1', false],
  ['[4.0,5.0)', '4.3.1', true],
  ['[4.0,5.0)', '5.0', false],
  ['(,4.3.1]', '4.3.1', true],
  ['(4.3.1,)', '4.3.1', false],
  ['[1.0,2.0],[3.0,4.0]', '2.5', false],
  ['[1.0,2.0],[3.0,4.0]', '3.5', true],
  ['[4.3.1,)', '4.3.1-rc1', false],
  ['[4.3.1-alpha,)', '4.3.1-beta', true],
  ['[1.9,)', '1.10', true],
  ['4.3.1', '4.3.1-headrace.0.1.0', true],
  ['(4.3.1,)', '4.3.1-headrace.0.1.0', false],
  ['4.3.1-headrace.0.1.0', '4.3.1-headrace.0.1.0', true],
  ['4.3.1-headrace.0.1.0', '4.3.1-headrace.0.2.0', false],
  ['', '4.3.1', false],
  ['(,)', '4.3.1', true],
] as const) {
  test(`${version} ${expected ? 'matches' : 'does not match'} ${text}`, () => {
    assert.equal(versionRequirement(text)?.matches(version), expected)
  })
}

test('latest and a missing range match any version', () => {
  assert.equal(versionRequirement('latest'), undefined)
  assert.equal(versionRequirement(null), undefined)
})

test('any requirement is printed as a range', () => {
  assert.equal(versionRequirement('1.0.0')?.text, '[1.0.0,1.0.0]')
  assert.equal(versionRequirement('junk[')?.text, '[junk[,junk[]')
  assert.equal(versionRequirement('1,2')?.text, '[1,2]')
  assert.equal(versionRequirement('[,4]')?.text, '[,4]')
})

for (const text of ['[1.0', '(1.0)', '[2.0,1.0]', '[1,2],x']) {
  test(`${text} is rejected`, () => {
    assert.throws(() => versionRequirement(text), { code: 'HR_BAD_REQUEST' })
  })
}
