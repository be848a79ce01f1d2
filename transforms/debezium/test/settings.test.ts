import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outboxConfig } from '../outbox-config.ts'
import { anyCaseOf, checkedAnyCaseOf, checkedRegex } from '../settings.ts'

test('enum settings ignore case, and null means the default', () => {
  const rule = anyCaseOf('drop', 'rewrite')

  assert.equal(rule.check('m', 'DROP'), undefined)
  assert.equal(rule.check('m', null), undefined)
  assert.equal(
    rule.check('m', 'x'),
    'Invalid value x for configuration m: Value must be one of drop, rewrite',
  )
  assert.match(
    checkedAnyCaseOf('a').check('m', 'x') ?? '',
    /The 'm' value is invalid: Value must be one of a$/,
  )
})

test('the error for an invalid regular expression names it and the reason', () => {
  assert.equal(checkedRegex.check('r', '(.*)'), undefined)
  assert.equal(checkedRegex.check('r', null), undefined)
  assert.match(checkedRegex.check('r', '[') ?? '', /^Invalid value \[ for configuration r: .*but Unclosed/)
})

test('placements are pairs or trios with a known second part', () => {
  const { validate } = outboxConfig['table.fields.additional.placement']
  const faultOf = (...list: string[]) => validate.check('p', list)

  assert.equal(faultOf('a:header', 'b:ENVELOPE:x', ''), undefined)
  assert.equal(validate.check('p', null), undefined)
  assert.match(faultOf('a:header', 'x') ?? '', /String pairs or trios is expected but got: \[a:header, x\]$/)
  assert.match(faultOf() ?? '', /but got: \[\]$/)
  assert.match(faultOf('a:nope') ?? '', /expected header, envelope, partition after the colon, found a:nope/)
})
