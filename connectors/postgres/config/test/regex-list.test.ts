import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileRegexList, regexListFault, splitRegexList } from '../regex-list.ts'

test('a list is split at commas that no backslash escapes', () => {
  assert.deepEqual(splitRegexList(String.raw`public\.a , public\.b,,c\,d,e\\,f`), [
    String.raw`public\.a`,
    String.raw`public\.b`,
    'c,d',
    String.raw`e\\`,
    'f',
  ])
})

test('an expression matches the whole text in any case', () => {
  const matches = compileRegexList('table.include.list', String.raw`public\.order.*,SHOP\.x`)
  assert.equal(matches('Public.Orders'), true)
  assert.equal(matches('shop.x'), true)
  assert.equal(matches('shop.xy'), false)
  assert.equal(matches('a.public.orders'), false)
})

test('an invalid expression is reported with its position, and without the flag that we add', () => {
  const message =
    "The 'table.include.list' value is invalid: A comma-separated list of valid regular expressions is expected, but Unclosed group near index 1\n("
  assert.equal(regexListFault('table.include.list', 'a,('), message)
  assert.throws(() => compileRegexList('table.include.list', '('), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'table.include.list',
    message,
  })
})

test('a backslash at the end is invalid, an escaped one is not', () => {
  assert.match(regexListFault('k', 'a\\') ?? '', /escapes nothing/)
  assert.equal(regexListFault('k', 'a\\\\'), undefined)
})
