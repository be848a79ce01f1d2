import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locationOf, routablePath } from '../paths.ts'

const here = { protocol: 'http', host: 'h:1' }

test('parameters of segments and a slash at the end are taken away, the query stays', () => {
  assert.equal(routablePath('/connectors;v=1/a;b/?x=1;2'), '/connectors/a?x=1;2')
  assert.equal(routablePath('/'), '/')
})

for (const path of ['//connectors', '/connectors/a%2Fb', '/connectors/%25', '/a%5cb', '/%00', '/%e0%a4']) {
  test(`the ambiguous path ${path} is refused`, () => {
    assert.equal(routablePath(path), undefined)
  })
}

test('a location names the connector, encoded', () => {
  assert.equal(locationOf(here, 'a b?ü'), 'http://h:1/connectors/a%20b%3F%C3%BC')
})

for (const [name, fault] of [
  ['a{}', /Illegal character "}" at position 14 is not allowed as a start of a name/],
  ['a{b}', /The template variable 'b' has no value/],
] as const) {
  test(`Java has no location for ${name}`, () => {
    assert.throws(() => locationOf(here, name), { message: fault })
  })
}
