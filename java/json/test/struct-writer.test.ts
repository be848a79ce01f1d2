import assert from 'node:assert/strict'
import { test } from 'node:test'
import { structWriter, type WrittenField } from '../struct-writer.ts'

const field = (name: string): WrittenField => ({ name, write: (value) => JSON.stringify(value ?? null) })

/** Above and below the number of fields up to which code is generated. */
for (const count of [0, 1, 3, 501]) {
  test(`a struct of ${count} fields is written between the given texts`, () => {
    const names = Array.from({ length: count }, (_, at) => `f"${at}`)
    const struct = Object.fromEntries(names.map((name, at) => [name, at]))
    const fields = names.map(field)
    assert.equal(structWriter(fields)(struct), JSON.stringify(struct))
    assert.equal(
      structWriter(fields, '{"a":"\\n\u2028', '"}\'')(struct),
      `{"a":"\\n\u2028${JSON.stringify(struct)}"}'`,
    )
  })
}

test('inherited properties are not fields', () => {
  const names = ['__proto__', 'constructor', 'toString']
  const json = '{"__proto__":null,"constructor":null,"toString":null}'
  assert.equal(structWriter(names.map(field))({}), json)
  assert.equal(structWriter(names.map(field), '[', ']')({}), `[${json}]`)
})
